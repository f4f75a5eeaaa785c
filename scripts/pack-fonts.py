#!/usr/bin/env python3
"""Makes api/fonts/*.br of the fonts of Debian's fonts-droid-fallback and fonts-noto-cjk.

    pip install fonttools brotli
    scripts/pack-fonts.py DroidSansFallbackFull.ttf NotoSansCJK-Regular.ttc

The first is the face of Chinese text. The second gives what the first lacks: Latin letters and the
rare characters of names. Hints and layout tables are left out: a print-out doesn't use them.
"""

import pathlib
import sys

import brotli
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "api" / "fonts"
UNUSED = ["BASE", "DSIG", "GDEF", "GPOS", "GSUB", "VORG", "gasp", "vhea", "vmtx"]


def pack(path, characters, name, number=-1):
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, font_number=number)
    options.drop_tables += UNUSED
    options.name_IDs = [0, 1, 2, 4, 5, 6, 13, 14]
    font = subset.load_font(path, options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=characters)
    chosen.subset(font)
    made = FOLDER / name
    subset.save_font(font, made, options)
    packed = brotli.compress(made.read_bytes(), quality=11, lgwin=24)
    made.unlink()
    made.with_name(name + ".br").write_bytes(packed)
    print(name, len(characters), "characters,", len(packed), "bytes")


def main(droid, noto):
    chinese = set(TTFont(droid).getBestCmap())
    pack(droid, chinese, "DroidSansFallbackFull.ttf")
    number = [f["name"].getDebugName(4) for f in TTCollection(noto).fonts].index("Noto Sans CJK SC")
    known = set(TTFont(noto, fontNumber=number).getBestCmap())
    latin = {c for c in known if c < 0x250 or 0x2000 <= c <= 0x206F or 0x2100 <= c <= 0x22FF}
    rare = {c for c in known if 0x3400 <= c <= 0x9FFF or 0x20000 <= c <= 0x3FFFF} - chinese
    pack(noto, latin | rare, "NotoSansSC-Supplement.otf", number)


main(*sys.argv[1:])
