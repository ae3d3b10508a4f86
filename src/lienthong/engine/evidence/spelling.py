"""Whether the texts of a Parquet file are written canonically, told from their bytes: a third of what asking row by row costs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

_DICTIONARIES = frozenset({"PLAIN_DICTIONARY", "RLE_DICTIONARY"})
_BESIDE = frozenset({"RLE", "BIT_PACKED", "PLAIN"})
_BLANK = 0x20
_SLICE = 1 << 18
Bytes = npt.NDArray[np.uint8]


def has_loose_texts(path: Path, names: Sequence[str], *, threads: int | None = None) -> bool:
    """Whether a text in one of these columns has another spelling that counts as equal (`digests.loose_row`).

    Reads the columns once, a group of rows at a time; where a group holds a dictionary, its spellings are looked at
    once and not each row. Memory does not grow with the rows.
    """
    if not names:
        return False
    with pq.ParquetFile(path, memory_map=True) as file:
        groups = file.metadata.num_row_groups
        spelled = [name for name in names if _has_dictionaries(file.metadata, name)]
    with pq.ParquetFile(path, read_dictionary=spelled, memory_map=True, pre_buffer=False) as file:
        workers = min(groups, threads or os.cpu_count() or 1)
        if workers < 2:
            return any(_loose_group(file, group, names) for group in range(groups))
        with ThreadPoolExecutor(workers) as pool:
            return any(_any_loose(pool, path, spelled, names, groups, workers))


def _any_loose(
    pool: ThreadPoolExecutor,
    path: Path,
    spelled: Sequence[str],
    names: Sequence[str],
    groups: int,
    workers: int,
) -> Iterator[bool]:
    # A reader of its own for each: they keep their place in the file.
    def part(first: int) -> bool:
        with pq.ParquetFile(path, read_dictionary=spelled, memory_map=True, pre_buffer=False) as file:
            return any(_loose_group(file, group, names) for group in range(first, groups, workers))

    return pool.map(part, range(workers))


def _has_dictionaries(metadata: pq.FileMetaData, name: str) -> bool:
    place = metadata.schema.names.index(name)
    return all(
        _DICTIONARIES & (found := set(metadata.row_group(group).column(place).encodings))
        and found <= _DICTIONARIES | _BESIDE
        for group in range(metadata.num_row_groups)
    )


def _loose_group(file: pq.ParquetFile, group: int, names: Sequence[str]) -> bool:
    for name in names:
        read = file.read_row_group(group, columns=[name], use_threads=False).column(0)
        if any(_loose(chunk) for chunk in read.chunks):
            return True
    return False


def _loose(texts: pa.Array) -> bool:
    if isinstance(texts, pa.DictionaryArray):
        texts = texts.dictionary
    if not len(texts):
        return False
    _, offsets, data = texts.buffers()
    if data is None:
        return False
    wide = (
        np.int64 if pa.types.is_large_string(texts.type) or pa.types.is_large_binary(texts.type) else np.int32
    )
    ends = np.frombuffer(offsets, wide)[texts.offset : texts.offset + len(texts) + 1]
    letters = np.frombuffer(data, np.uint8)[: ends[-1]]
    if not len(letters):
        return False
    # Behind an empty text stands the end of the one before it, which is looked at all the same.
    if (letters[ends[1:] - 1] == _BLANK).any():
        return True
    return has_loose_letters(letters[ends[0] :])


def has_loose_letters(text: Bytes) -> bool:
    """Whether UTF-8 holds a letter outside of those of which every sequence is in NFC, as `digests` lists them."""
    if len(text) > 1 and 0xCC <= text[-2] <= 0xDF:
        return True
    # In slices that stay in the processor's cache; each sees the two bytes behind it, where a letter may end.
    return any(_loose_slice(text[first : first + _SLICE + 2]) for first in range(0, len(text), _SLICE))


def _loose_slice(text: Bytes) -> bool:
    begins = np.flatnonzero(text >= 0xCC)
    begins = begins[begins < len(text) - 2]
    if not len(begins):
        return False
    first, second, third = text[begins], text[begins + 1], text[begins + 2]
    # U+1E00 to U+1EFF without U+1E9A and U+1E9B: E1 B8 to E1 BB, and neither E1 BA 9A nor E1 BA 9B.
    odd = (second == 0xBA) & ((third == 0x9A) | (third == 0x9B))
    firm = (first == 0xE1) & (second >= 0xB8) & (second <= 0xBB) & ~odd
    if firm.all():
        return False
    # U+2010 to U+205E, U+20A0 to U+20BF.
    others = first == 0xE2
    codes = ((second[others].astype(np.int32) & 0x3F) << 6) | (third[others] & 0x3F)
    signs = (codes >= 0x10) & (codes <= 0x5E) | (codes >= 0xA0) & (codes <= 0xBF)
    return bool(np.count_nonzero(firm) + np.count_nonzero(signs) < len(begins))
