"""Build the light model's folder: ONNX graphs in int8 arithmetic, made without torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from civic_assistant.adaptation import MESSAGE, PAIR, Adaptation, load_adaptation, write_base
from civic_assistant.model_folder import new_folder, write_prompts
from civic_assistant.model_tokenizer import build_tokenizer
from civic_assistant.packed_model import (
    BLOCK,
    Floats,
    PackedModel,
    packed_model_path,
)

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

GRAPH = "passage.onnx"
"""Reads passages, with the weights as they are published."""
QUESTION_GRAPH = "question.onnx"
"""Reads questions, with the adapted weights."""
PAIR_GRAPH = "pair.onnx"
"""Reads a question and a passage together, with weights adapted to that."""
MESSAGE_GRAPH = "message.onnx"
"""Reads a message, with weights adapted to telling what kind of message it is."""
WORDS = "words.data"
"""The word table, which all graphs share: mapped into memory, only rows in use are read."""
CONTRIB = "com.microsoft"
"""Domain of https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md."""
LARGEST_WEIGHT = 63
"""Seven of int8's bits: processors without VNNI add two products in 16 bits and would overflow."""
LOUD_CHANNELS = {0: 318, 1: 1462, 2: 354, 4: 778, 5: 658, 6: 1152, 7: 413}
"""By layer, the one channel of the feed-forward part that reaches 7 to 67 on ``<s>`` or ``</s>``.

The others stay under 7. Inside the int8 product it would set the scale of all 1,536, so it is
multiplied apart, in float32: the cosine with the exact vectors rises from .9969 to .9986. Found by
the largest activations on 28 passages in seven languages; they belong to the pinned weights.
"""


def build_light_model(target: Path) -> None:
    """Write the graphs, their word table and ``tokenizer.json`` to ``target`` unless it is there.

    One graph reads passages, one questions, one both together, one messages. A graph takes
    ``input_ids`` (int64, 1 × tokens) and gives ``last_hidden_state`` (float32, 1 × tokens ×
    dimensions). One text a run: nothing is padded, and a text's vector does not depend on the
    texts that happen to stand beside it, as it would where int8 scales span a batch.
    """
    if target.exists():
        return
    import onnx

    model = PackedModel(packed_model_path())
    with new_folder(target) as folder:
        words = _WordTable.write(model, folder / WORDS)
        adaptations = {
            GRAPH: None,
            QUESTION_GRAPH: load_adaptation(),
            PAIR_GRAPH: load_adaptation(PAIR),
            MESSAGE_GRAPH: load_adaptation(MESSAGE),
        }
        for name, adaptation in adaptations.items():
            onnx.save_model(_Graph(model, words, adaptation).finish(), folder / name)
        build_tokenizer(model.pieces).save(str(folder / "tokenizer.json"))
        write_prompts(folder)
        write_base(folder)


def build_graph(adaptation: Adaptation, target: Path) -> None:
    """Write to the folder ``target`` one graph with an adaptation, `MESSAGE_GRAPH`, to try it."""
    import onnx

    model = PackedModel(packed_model_path())
    target.mkdir(parents=True)
    words = _WordTable.write(model, target / WORDS)
    onnx.save_model(_Graph(model, words, adaptation).finish(), target / MESSAGE_GRAPH)


@dataclass(frozen=True, slots=True)
class _WordTable:
    """Where the word table's numbers and scales lie in the file that the graphs share."""

    vocabulary: int
    hidden: int
    numbers: int
    scales: int

    @classmethod
    def write(cls, model: PackedModel, path: Path) -> _WordTable:
        """Write the table in 4 bits as it is packed, numbers then scales."""
        shape = model.shape
        words = model.four_bits("emb.word", shape.vocabulary)
        numbers = words.numbers.reshape(shape.vocabulary, shape.hidden) ^ 8  # as int4: number - 8
        packed = (numbers[:, ::2] | numbers[:, 1::2] << 4).tobytes()
        scales = np.ascontiguousarray(words.scales, "<f4").tobytes()
        path.write_bytes(packed + scales)
        return cls(shape.vocabulary, shape.hidden, len(packed), len(scales))

    def tensors(self) -> list[TensorProto]:
        """Return both tensors, whose bytes stay in the file."""
        from onnx import TensorProto, external_data_helper

        tensors = []
        layout = (
            ("words", TensorProto.INT4, [self.vocabulary, self.hidden], 0, self.numbers),
            (
                "words.scales", TensorProto.FLOAT, [self.vocabulary, self.hidden // BLOCK],
                self.numbers, self.scales,
            ),
        )  # fmt: skip
        for name, kind, sizes, offset, length in layout:
            tensor = TensorProto(name=name, data_type=kind, dims=sizes, raw_data=b"")
            external_data_helper.set_external_data(tensor, WORDS, offset=offset, length=length)
            tensor.ClearField("raw_data")
            tensors.append(tensor)
        return tensors


class _Graph:
    """The BERT encoder in ONNX operators and onnxruntime's own; a value's name is its maker's."""

    def __init__(
        self, model: PackedModel, words: _WordTable, adaptation: Adaptation | None
    ) -> None:
        self.model = model
        self.adaptation = adaptation
        self.shape = model.shape
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = words.tensors()

    def finish(self) -> ModelProto:
        """Return the whole model."""
        from onnx import TensorProto, helper

        states = self._embed()
        for layer in range(self.shape.layers):
            states = self._feed_forward(layer, self._attend(layer, states))
        states = self._node("Identity", [states], "last_hidden_state")
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])
        sizes: list[str | int | None] = [1, "tokens", self.shape.hidden]
        output = helper.make_tensor_value_info(states, TensorProto.FLOAT, sizes)
        graph = helper.make_graph(self.nodes, "e5", [ids], [output], self.constants)
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)

    def _embed(self) -> str:
        """Add up words, which stay in 4 bits, and places; normalise."""
        shape = self.shape
        found = self._node(
            "GatherBlockQuantized",
            ["words", "input_ids", "words.scales"],
            "words.found",
            CONTRIB,
            block_size=BLOCK,
            gather_axis=0,
            quantize_axis=1,
        )
        token_type = self.model.vector("emb.type").reshape(-1, shape.hidden)[0]
        places = self.model.matrix("emb.pos", shape.positions) + token_type
        one, zero = (self._constant(f"number.{n}", np.array([n], np.int64)) for n in (1, 0))
        length = self._node("Gather", [self._node("Shape", ["input_ids"], "shape"), one], "length")
        all_places = self._constant("places", places)
        used = self._node("Slice", [all_places, zero, length, zero], "places.used")
        return self._normed(self._node("Add", [found, used], "embedded"), "emb.ln")

    def _attend(self, layer: int, states: str) -> str:
        """Let tokens read each other; the three projections are one product."""
        from onnx import helper

        names = [f"l{layer}.{part}" for part in "qkv"]
        weights = np.concatenate([self._weights(name, self.shape.hidden) for name in names])
        bias = np.concatenate([self.model.vector(f"{name}.b") for name in names])
        together = self._dense(states, f"l{layer}.qkv", weights, bias)
        self.nodes.append(helper.make_node("Split", [together], names, axis=-1))
        heads = self.shape.heads
        read = self._node("MultiHeadAttention", names, f"l{layer}.read", CONTRIB, num_heads=heads)
        mixed = self._linear(read, f"l{layer}.ao", self.shape.hidden)
        return self._normed(self._node("Add", [mixed, states], f"l{layer}.ao.sum"), f"l{layer}.aln")

    def _feed_forward(self, layer: int, states: str) -> str:
        """Widen, bend, narrow; a loud channel goes its own way."""
        hidden = self.shape.hidden
        wide = self._linear(states, f"l{layer}.fi", self.shape.feed_forward)
        bent = self._node("Gelu", [wide], f"l{layer}.bent", CONTRIB)
        name = f"l{layer}.fo"
        loud = LOUD_CHANNELS.get(layer)
        if loud is None:
            change = self._linear(bent, name, hidden)
        else:
            weights = self._weights(name, hidden)
            quiet = np.arange(self.shape.feed_forward) != loud
            at = self._constant(f"{name}.loud.at", np.array([loud], np.int64))
            channel = self._node("Gather", [bent, at], f"{name}.loud.channel", axis=2)
            column = self._constant(f"{name}.loud.weights", weights[:, loud][None])
            apart = self._node("MatMul", [channel, column], f"{name}.loud")
            mask = self._constant(f"{name}.quiet.mask", quiet.astype(np.float32))
            rest = self._node("Mul", [bent, mask], f"{name}.quiet")
            product = self._dense(rest, name, weights * quiet, self.model.vector(f"{name}.b"))
            change = self._node("Add", [product, apart], f"{name}.whole")
        return self._normed(self._node("Add", [change, states], f"{name}.sum"), f"l{layer}.oln")

    def _linear(self, inputs: str, name: str, rows: int) -> str:
        weights = self._weights(name, rows)
        return self._dense(inputs, name, weights, self.model.vector(f"{name}.b"))

    def _weights(self, name: str, rows: int) -> Floats:
        """Return a dense part's weights (rows, inputs), adapted if this graph's are."""
        weights = self.model.four_bits(f"{name}.w", rows).floats()
        return self.adaptation.adapted(name, weights) if self.adaptation else weights

    def _dense(self, inputs: str, name: str, weights: Floats, bias: Floats) -> str:
        """Multiply in int8: a scale for each row of ``weights``, one for all of ``inputs``."""
        scales = np.abs(weights).max(axis=1) / LARGEST_WEIGHT
        numbers = np.rint(weights / scales[:, None]).astype(np.int8)
        constants = {
            "numbers": numbers.T,
            "scales": scales,
            "zeros": np.zeros(len(scales), np.int8),
            "bias": bias,
        }
        names = [self._constant(f"{name}.{part}", values) for part, values in constants.items()]
        return self._node("DynamicQuantizeMatMul", [inputs, *names], name, CONTRIB)

    def _normed(self, inputs: str, name: str) -> str:
        parts = [
            self._constant(f"{name}.{part}", self.model.vector(f"{name}.{part}")) for part in "wb"
        ]
        epsilon = self.shape.epsilon
        return self._node("LayerNormalization", [inputs, *parts], name, axis=-1, epsilon=epsilon)

    def _node(
        self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: float
    ) -> str:
        from onnx import helper

        node = helper.make_node(operator, inputs, [output], name=output, domain=domain)
        node.attribute.extend(helper.make_attribute(*pair) for pair in attributes.items())
        self.nodes.append(node)
        return output

    def _constant(self, name: str, values: NDArray[np.generic]) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name
