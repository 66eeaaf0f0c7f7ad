"""Changes to ``control.sqlite``, one file each; run when a workspace is opened."""
