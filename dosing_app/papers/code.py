"""The DataMatrix of a label: what it holds, and its picture. Written and read by the same library, in both ways."""

import zxingcpp

from dosing_app.course.plan import Bag, Plan
from dosing_app.papers.standing import NotPrintable, Standing

_SIGN = "BIP1"  # the first field: a code that begins otherwise is not ours


def code_text(bag: Bag, plan: Plan, standing: Standing) -> str:
    """What the code of a bag's label holds: "BIP1;3/8;2;KXCX6489;A-17".

    Bag n of N, revision, check code; the case last, since it may hold any sign.

    Raises:
        NotPrintable: a draft has no code.
    """
    if standing.draft or plan.order is None or plan.check_code is None:
        raise NotPrintable("a draft has no code")
    place = f"{bag.number}/{bag.of}"
    return ";".join((_SIGN, place, str(standing.revision), plan.check_code, plan.order.case))


def picture(text: str) -> str:
    """The code as SVG, a square of modules with its quiet zone."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    return str(made.to_svg(add_quiet_zones=True))


def read_codes(grey: bytes, width: int, height: int) -> list[str]:
    """The texts of every DataMatrix in a picture.

    Args:
        grey: one byte for each dot, line by line.
        width: dots, and bytes, of a line.
        height: lines.
    """
    lines = memoryview(grey).cast("B", shape=[height, width])
    return [
        found.text
        for found in zxingcpp.read_barcodes(lines, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.DataMatrix))
    ]
