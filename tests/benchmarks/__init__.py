"""The measurements themselves, with tiny sizes."""
