"""What nodes put into networks and around guidance, each by its paper."""
