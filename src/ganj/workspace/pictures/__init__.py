"""Pictures of pages: what a heat-map is laid over."""

from ganj.workspace.pictures.kept import Picture, Pictures
from ganj.workspace.pictures.kinds import NotAPicture, PictureTooLarge

__all__ = ["NotAPicture", "Picture", "PictureTooLarge", "Pictures"]
