"""What packs use of ComfyUI's sampling layer: their samplers and guiders on the sampling loop."""
