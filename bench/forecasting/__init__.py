"""Series and peers of the forecast's benchmark."""
