"""An automation hub for generative image and video work: triggers, workflows, runs, outputs."""
