"""Publishing a folder or a Git checkout whenever it comes to rest."""
