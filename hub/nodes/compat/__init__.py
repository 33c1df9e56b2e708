"""What lets node packs made for ComfyUI load and run here: our node API under ComfyUI's names."""
