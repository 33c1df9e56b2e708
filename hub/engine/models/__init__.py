"""Model families as plain torch modules: recognising, loading, encoding, denoising, decoding."""
