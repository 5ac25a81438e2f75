"""Turn the text of a Word document (.docx) into HTML: headings, lists, tables, links, bold. Bytes in, text out."""

import io
import zipfile
from xml.parsers.expat import ExpatError

from pipeline.core.errors import InputError

MOST_UNPACKED = 4 * 2**20  # bytes of its texts; a letter has a tenth of that, and they take seconds a megabyte
TITLE = "p[style-name='Title'] => h1:fresh"


def docx_to_html(body: bytes, name: str) -> str:
    """Return the text of a document as HTML, without its pictures.

    Raises
    ------
    InputError
        If it is no such document, or unpacks beyond sense.
    """
    import mammoth  # 0.1 s

    try:
        _refuse_large(body, name)
        without_pictures = mammoth.images.img_element(lambda picture: {})
        document = mammoth.convert_to_html(io.BytesIO(body), style_map=TITLE, convert_image=without_pictures)
    except (zipfile.BadZipFile, ExpatError, LookupError, ValueError, EOFError, OSError, RecursionError) as error:
        raise InputError(f"{name} cannot be read as a Word document ({error}); nothing was imported") from error
    return str(document.value)


def _refuse_large(body: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        size = sum(part.file_size for part in parts.infolist() if part.filename.endswith((".xml", ".rels")))
    if size > MOST_UNPACKED:
        raise InputError(f"{name} unpacks beyond {MOST_UNPACKED >> 20} MB; nothing was imported")
