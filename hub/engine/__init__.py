"""The engine's hub side: graph, check, catalogue, workers, dispatch. Imports no torch."""
