"""The network as an ONNX graph, built by hand: one run reads new rows, keeps the cache, and draws one note.

Drawing happens inside, because each attribute depends on the one before it: logits mixed over the batch, / temperature
+ bias, the unlikely cut off, + noise from outside, argmax. `mix`, (B, B), says how much of each row's logits each row
draws from: the identity for rows that have nothing to do with each other, others to draw from how two rows differ.
The bias of the later attributes is gathered by the row that `row_of_first` names for the position just drawn, so that
a mask may depend on it without a second run.
Past and present keys and values share one buffer a layer (GroupQueryAttention), so nothing is copied.
In whole numbers products of matrices are exact, and keys and values are kept in 8 bits, a fourth of the memory that a
step must read: a row is read the same, bit for bit, however rows are cut and whatever is read beside it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from hitpoint.tokens.vocabulary import HEAD_SIZES, ROW_WIDTH
from hitpoint.training.network import NORM_EPSILON, Shape
from hitpoint.training.rounding import Rounding

MICROSOFT = "com.microsoft"
OPSET, IR_VERSION = 20, 10
CUT = -1e30
"""Added to what min-p cuts off; more than any noise can make up for."""

MOST_WEIGHT = 64
"""The largest whole number that stands for a weight. With 8 bits of what it is multiplied with, two products fit into
the 16 bits in which processors without VNNI add them; larger ones would be cut there, and only there."""
CACHE_ROOM = 1.25
"""How much larger a key or value may be than the largest that was seen before it is cut. Our choice."""

Reals = NDArray[np.float32]
Weights = Mapping[str, Reals]


def build_graph(
    weights: Weights, shape: Shape, rotary: tuple[Reals, Reals], rounding: Rounding | None = None
) -> Any:  # fmt: skip
    """The whole model.

    weights: the network's state by name. rotary: cosines and sines. rounding: how to compute in whole numbers; None
    for float32 throughout.
    """
    graph = _Graph(weights, shape, rounding)
    cosine, sine = rotary
    graph.constant("cosine", cosine)
    graph.constant("sine", sine)
    drawn, logits = graph.heads(graph.backbone())
    graph.nodes.append(helper.make_node("Concat", drawn, ["drawn"], axis=1))
    for index, name in enumerate(logits):
        graph.nodes.append(helper.make_node("Identity", [name], [f"logits_{index}"]))
    kept = TensorProto.FLOAT if rounding is None else TensorProto.INT8
    made = helper.make_graph(graph.nodes, "hitpoint", _inputs(shape, kept), _outputs(shape, kept), graph.constants)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=IR_VERSION, producer_name="hitpoint")


class _Graph:
    """Nodes and constants as they are laid down."""

    def __init__(self, weights: Weights, shape: Shape, rounding: Rounding | None) -> None:
        self._weights, self._shape, self._rounding = weights, shape, rounding
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._names: set[str] = set()

    def constant(self, name: str, value: Any) -> str:
        """A named constant, stored once."""
        if name not in self._names:
            self._names.add(name)
            self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def op(self, kind: str, inputs: list[str], domain: str = "", outputs: int = 1, **attributes: Any) -> Any:
        """One node; its output's name, or a list of them."""
        names = [f"{kind}_{len(self.nodes)}_{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, name=names[0], domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def backbone(self) -> str:
        """What is known after the last row, (B, width)."""
        shape = self._shape
        embedded = self.op("Gather", [self.constant("embedding", self._weights["embedding.weight"]), "rows"])
        # Column by column: the runtime's ReduceSum adds in another order where there is one row than where are many.
        columns = self.op("Split", [embedded, self._integers(*[1] * ROW_WIDTH)], outputs=ROW_WIDTH, axis=2)
        x, delta = self.op("Squeeze", [self.op("Sum", columns), self._integers(2)]), None
        for layer in range(shape.layers):
            block = f"blocks.{layer}"
            normed, x = self._add_and_norm(x, delta, f"{block}.norm1.weight")
            attended = self._linear(self._attention(normed, layer), f"{block}.out")
            normed, x = self._add_and_norm(x, attended, f"{block}.norm2.weight")
            delta = self._feed_forward(normed, layer)
        assert delta is not None
        last = self.op("Gather", [self.op("Add", [x, delta]), self.constant("minus_one", np.int64(-1))], axis=1)
        return self._norm(last, "norm.weight")

    def heads(self, z: str) -> tuple[list[str], list[str]]:
        """What each attribute is drawn as, (B, 1) each, and its logits, (B, values) each."""
        noises = self.op("Split", ["noise", self._integers(*HEAD_SIZES)], outputs=len(HEAD_SIZES), axis=1)
        drawn: list[str] = []
        logits: list[str] = []
        for index in range(len(HEAD_SIZES)):
            if index:
                table = self.constant(f"drawn_{index - 1}", self._weights[f"drawn.{index - 1}.weight"])
                z = self.op("Add", [z, self.op("Squeeze", [self.op("Gather", [table, drawn[-1]]), self._integers(1)])])
            hidden = self._silu(self._linear(self._norm(z, f"head_norms.{index}.weight"), f"head_hidden.{index}"))
            logits.append(self._linear(hidden, f"head_out.{index}"))
            mixed = self.op("MatMul", ["mix", logits[-1]])
            drawn.append(self._draw(mixed, self._bias(index, drawn), noises[index]))
        return drawn, logits

    def _bias(self, index: int, drawn: list[str]) -> str:
        if index == 0:
            return "bias_0"
        if index == 1:
            self._row = self.op("GatherElements", ["row_of_first", drawn[0]], axis=1)  # (B, 1)
        return str(self.op("GatherND", [f"bias_{index}", self._row], batch_dims=1))

    def _draw(self, logits: str, bias: str, noise: str) -> str:
        allowed = self.op("Add", [self.op("Mul", [logits, "inverse_temperature"]), bias])
        best = self.op("ReduceMax", [allowed, self._integers(-1)], keepdims=1)
        unlikely = self.op("Less", [allowed, self.op("Add", [best, "log_min_p"])])
        kept = self.op("Where", [unlikely, self.constant("cut", np.float32(CUT)), self.op("Add", [allowed, noise])])
        return str(self.op("ArgMax", [kept], axis=-1, keepdims=1))

    def _attention(self, x: str, layer: int) -> str:
        shape, outputs = self._shape, [f"attended_{layer}", f"present_key_{layer}", f"present_value_{layer}"]
        inputs = [self._linear(x, f"blocks.{layer}.qkv"), "", "", f"past_key_{layer}", f"past_value_{layer}"]
        inputs += ["last_position", "total_length", "cosine", "sine"]
        kept: dict[str, Any] = {}
        if self._rounding is not None:
            scales = [self._scale(what, layer, self._rounding.peaks) for what in ("key", "value")]
            inputs += ["", "", "", *scales]
            kept = {"k_quant_type": "PER_TENSOR", "v_quant_type": "PER_TENSOR", "kv_cache_bit_width": 8}
        self.nodes.append(
            helper.make_node(
                "GroupQueryAttention",
                inputs,
                outputs,
                name=outputs[0],
                domain=MICROSOFT,
                num_heads=shape.heads,
                kv_num_heads=shape.kv_heads,
                do_rotary=1,
                rotary_interleaved=0,
                scale=shape.per_head**-0.5,
                **kept,
            )
        )
        return outputs[0]

    def _scale(self, what: str, layer: int, peaks: Mapping[str, Sequence[float]]) -> str:
        scale = CACHE_ROOM * peaks[what][layer] / 127
        return self.constant(f"{what}_{layer}.scale", np.array([scale], np.float32))

    def _feed_forward(self, x: str, layer: int) -> str:
        size = self._shape.feed_forward
        both = self._linear(x, f"blocks.{layer}.gate_up")
        gate, up = self.op("Split", [both, self._integers(size, size)], outputs=2, axis=-1)
        return self._linear(self.op("Mul", [self._silu(gate), up]), f"blocks.{layer}.down")

    def _linear(self, x: str, name: str) -> str:
        weight = self._weights[f"{name}.weight"]  # (outputs, inputs)
        if self._rounding is None:
            return str(self.op("MatMul", [x, self.constant(name, weight.T)]))
        scale, zero = self._rounding.inputs[name]
        scaled = [self.constant(f"{name}.scale", np.float32(scale)), self.constant(f"{name}.zero", np.uint8(zero))]
        codes, scales = quantise(weight)
        given = [self.op("QuantizeLinear", [x, *scaled]), self.constant(name, codes.T)]
        given += [scaled[0], self.constant(f"{name}.scales", scales), scaled[1]]
        return str(self.op("MatMulIntegerToFloat", given, MICROSOFT))

    def _silu(self, x: str) -> str:
        return str(self.op("QuickGelu", [x], MICROSOFT, alpha=1.0))

    def _norm(self, x: str, name: str) -> str:
        scale = self.constant(name, self._weights[name])
        return str(self.op("SimplifiedLayerNormalization", [x, scale], axis=-1, epsilon=NORM_EPSILON))

    def _add_and_norm(self, x: str, delta: str | None, name: str) -> tuple[str, str]:
        """The norm of x + delta, and that sum."""
        if delta is None:
            return self._norm(x, name), x
        number, scale = len(self.nodes), self.constant(name, self._weights[name])
        outputs = [f"normed_{number}", "", "", f"stream_{number}"]
        self.nodes.append(
            helper.make_node(
                "SkipSimplifiedLayerNormalization",
                [x, delta, scale],
                outputs,
                name=outputs[0],
                domain=MICROSOFT,
                epsilon=NORM_EPSILON,
            )
        )
        return outputs[0], outputs[3]

    def _integers(self, *values: int) -> str:
        return self.constant("integers_" + "_".join(map(str, values)), np.array(values, np.int64))


def quantise(weight: Reals) -> tuple[NDArray[np.int8], Reals]:
    """A matrix in whole numbers up to MOST_WEIGHT, and the scale of each row.

    weight: (N, K). Returns codes, (N, K), and scales, (N,).
    """
    scales = np.maximum(np.abs(weight).max(1), 1e-12) / MOST_WEIGHT
    return np.rint(weight / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def _inputs(shape: Shape, kept: int) -> list[Any]:
    real, integer = TensorProto.FLOAT, TensorProto.INT64
    given = [
        ("rows", integer, ["B", "S", ROW_WIDTH]),
        ("last_position", TensorProto.INT32, ["B"]),
        ("total_length", TensorProto.INT32, []),
        ("bias_0", real, ["B", HEAD_SIZES[0]]),
        ("row_of_first", integer, ["B", HEAD_SIZES[0]]),
        *((f"bias_{index}", real, ["B", "R", size]) for index, size in enumerate(HEAD_SIZES) if index),
        ("mix", real, ["B", "B"]),
        ("noise", real, ["B", sum(HEAD_SIZES)]),
        ("inverse_temperature", real, []),
        ("log_min_p", real, []),
    ]
    return [helper.make_tensor_value_info(*one) for one in [*given, *_cache(shape, "past", kept)]]


def _outputs(shape: Shape, kept: int) -> list[Any]:
    drawn = ("drawn", TensorProto.INT64, ["B", len(HEAD_SIZES)])
    logits = [(f"logits_{index}", TensorProto.FLOAT, ["B", size]) for index, size in enumerate(HEAD_SIZES)]
    return [helper.make_tensor_value_info(*one) for one in [drawn, *logits, *_cache(shape, "present", kept)]]


def _cache(shape: Shape, when: str, kept: int) -> list[tuple[str, int, list[Any]]]:
    """kept: the type of its numbers."""
    size = ["B", shape.kv_heads, "C", shape.per_head]
    return [(f"{when}_{what}_{i}", kept, size) for i in range(shape.layers) for what in ("key", "value")]
