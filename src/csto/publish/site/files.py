"""The folder of a site, and what has been written into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from csto.errors import InputError

# A file that says that a folder is a site of ours, which a new one may take the place of.
MARK = "csto-site.txt"


@dataclass
class Folder:
    """A folder that receives a site: what is written is counted."""

    root: Path
    count: int = 0
    size: int = 0
    largest: tuple[str, int] = ("", 0)
    made: set[Path] = field(default_factory=set)

    def prepare(self) -> None:
        """Make the folder; files of an earlier site in it go.

        Raises:
            InputError: if it cannot be made, or holds something that is no site.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            mark = self.root / MARK
            if mark.is_file():
                for name in mark.read_text(encoding="utf-8").splitlines():
                    old = self.root / name
                    if name and ".." not in Path(name).parts and not Path(name).is_absolute():
                        old.unlink(missing_ok=True)
            elif any(self.root.iterdir()):
                raise InputError(
                    f"{self.root}: is not empty and holds no site of ours; name an empty folder"
                )
        except OSError as error:
            raise self._failed(error) from error

    def write(self, name: str, data: bytes | str) -> None:
        """Write one file, whose name is a path below the folder.

        Raises:
            InputError: if it cannot be written.
        """
        raw = data.encode() if isinstance(data, str) else data
        path = self.root / name
        try:
            if path.parent not in self.made:
                path.parent.mkdir(parents=True, exist_ok=True)
                self.made.add(path.parent)
            path.write_bytes(raw)
        except OSError as error:
            raise self._failed(error) from error
        self.count += 1
        self.size += len(raw)
        if name.endswith(".html") and len(raw) > self.largest[1]:
            self.largest = (name, len(raw))

    def join(self, other: Folder) -> None:
        """Count what another process wrote."""
        self.count += other.count
        self.size += other.size
        self.largest = max(self.largest, other.largest, key=lambda pair: pair[1])

    def close(self) -> None:
        """Leave the mark: the names of all files of the site, for the next one."""
        names = sorted(
            path.relative_to(self.root).as_posix()
            for path in self.root.rglob("*")
            if path.is_file() and path.name != MARK
        )
        self.write(MARK, "\n".join(names) + "\n")

    def _failed(self, error: OSError) -> InputError:
        return InputError(f"{self.root}: cannot be written ({error.strerror})")
