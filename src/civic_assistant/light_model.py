"""Build the light model's folder: an ONNX graph whose matrices stay in the 4 bits they came in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from civic_assistant.errors import SettingsError
from civic_assistant.model_folder import new_folder, write_prompts
from civic_assistant.model_tokenizer import build_tokenizer
from civic_assistant.packed_model import BLOCK, FourBits, PackedModel, packed_model_path

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

GRAPH = "model.onnx"
WEIGHTS = "model.onnx.data"
INT8_ARITHMETIC = 4
"""``accuracy_level`` of ``MatMulNBits``: activations in int8, one scale per block."""
CONTRIB = "com.microsoft"
"""Domain of https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md."""


def build_light_model(target: Path) -> None:
    """Write ``model.onnx``, its weights and ``tokenizer.json`` to ``target`` unless it is there.

    The graph takes ``input_ids`` and ``attention_mask`` (int64, texts × tokens) and gives
    ``last_hidden_state`` (float32, texts × tokens × dimensions).

    Raises:
        SettingsError: the package `onnx` is missing; only building needs it.
    """
    if target.exists():
        return
    try:
        import onnx
    except ImportError as error:
        raise SettingsError(
            "building the light embedding model needs the package 'onnx': "
            "pip install 'civic-assistant[light]'"
        ) from error
    model = PackedModel(packed_model_path())
    with new_folder(target) as folder:
        onnx.save_model(
            _Graph(model).finish(),
            folder / GRAPH,
            save_as_external_data=True,  # mapped into memory: only rows of words in use are read
            location=WEIGHTS,
            size_threshold=1024,
        )
        build_tokenizer(model.pieces).save(str(folder / "tokenizer.json"))
        write_prompts(folder)


class _Graph:
    """The BERT encoder, in ONNX operators and onnxruntime's own for 4-bit matrices."""

    def __init__(self, model: PackedModel) -> None:
        self.model = model
        self.shape = model.shape
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def finish(self):  # type: ignore[no-untyped-def]  # onnx types are known only while building
        """Return the whole model."""
        from onnx import TensorProto, helper

        states = self._embed()
        padding = self._node("Cast", ["attention_mask"], "padding", to=TensorProto.INT32)
        for layer in range(self.shape.layers):
            last = layer == self.shape.layers - 1
            states = self._layer(layer, states, padding, "last_hidden_state" if last else None)
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
            for name in ("input_ids", "attention_mask")
        ]
        outputs = [
            helper.make_tensor_value_info(
                states, TensorProto.FLOAT, ["texts", "tokens", self.shape.hidden]
            )
        ]
        graph = helper.make_graph(self.nodes, "e5", inputs, outputs, self.constants)
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)

    def _node(
        self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: object
    ) -> str:
        from onnx import helper

        node = helper.make_node(
            operator, inputs, [output], name=output, domain=domain, **attributes
        )
        self.nodes.append(node)
        return output

    def _constant(self, name: str, values: NDArray[np.generic]) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _embed(self) -> str:
        """Return words plus places, normalised."""
        from onnx import TensorProto, helper

        shape = self.shape
        words = self.model.four_bits("emb.word", shape.vocabulary)
        numbers = words.numbers.reshape(shape.vocabulary, shape.hidden) ^ 8  # as int4: number - 8
        packed = numbers[:, ::2] | numbers[:, 1::2] << 4
        self.constants.append(
            helper.make_tensor("words", TensorProto.INT4, numbers.shape, packed.tobytes(), raw=True)
        )
        found = self._node(
            "GatherBlockQuantized",
            ["words", "input_ids", self._constant("words.scales", words.scales)],
            "words.found",
            CONTRIB,
            block_size=BLOCK,
            gather_axis=0,
            quantize_axis=1,
        )
        token_type = self.model.vector("emb.type").reshape(-1, shape.hidden)[0]
        places = self.model.matrix("emb.pos", shape.positions) + token_type
        one, zero = (self._constant(f"number.{n}", np.array([n], np.int64)) for n in (1, 0))
        self._node("Shape", ["input_ids"], "shape")
        self._node("Gather", ["shape", one], "length")
        self._node("Slice", [self._constant("places", places), zero, "length", zero], "places.used")
        return self._node(
            "LayerNormalization",
            [self._node("Add", [found, "places.used"], "embedded"), *self._norm("emb.ln")],
            "embedded.normed",
            axis=-1,
            epsilon=shape.epsilon,
        )

    def _norm(self, name: str) -> list[str]:
        return [
            self._constant(f"{name}.{part}", self.model.vector(f"{name}.{part}")) for part in "wb"
        ]

    def _dense(self, inputs: str, name: str, weights: FourBits) -> str:
        rows, blocks, _ = weights.numbers.shape
        packed = weights.numbers[..., ::2] | weights.numbers[..., 1::2] << 4
        return self._node(
            "MatMulNBits",
            [
                inputs,
                self._constant(f"{name}.numbers", packed),
                self._constant(f"{name}.scales", weights.scales),
            ],
            name,
            CONTRIB,
            K=blocks * BLOCK,
            N=rows,
            bits=4,
            block_size=BLOCK,
            accuracy_level=INT8_ARITHMETIC,
        )

    def _layer(self, layer: int, states: str, padding: str, output: str | None) -> str:
        shape, model, prefix = self.shape, self.model, f"l{layer}"
        hidden = shape.hidden
        parts = [model.four_bits(f"{prefix}.{part}.w", hidden) for part in "qkv"]
        joined = FourBits(
            np.concatenate([part.numbers for part in parts]),
            np.concatenate([part.scales for part in parts]),
        )
        together = self._dense(states, f"{prefix}.qkv", joined)
        names = [f"{prefix}.{part}" for part in "qkv"]
        self.nodes.append(_split(together, names))
        biases = np.concatenate([model.vector(f"{prefix}.{part}.b") for part in "qkv"])
        attended = self._node(
            "MultiHeadAttention",
            [*names, self._constant(f"{prefix}.qkv.bias", biases), padding],
            f"{prefix}.attended",
            CONTRIB,
            num_heads=shape.heads,
        )
        mixed = self._dense(attended, f"{prefix}.ao", model.four_bits(f"{prefix}.ao.w", hidden))
        states = self._residual(
            mixed, states, f"{prefix}.ao.b", f"{prefix}.aln", f"{prefix}.middle"
        )
        wide = self._dense(
            states, f"{prefix}.fi", model.four_bits(f"{prefix}.fi.w", shape.feed_forward)
        )
        bias = self._constant(f"{prefix}.fi.b", model.vector(f"{prefix}.fi.b"))
        bent = self._node("BiasGelu", [wide, bias], f"{prefix}.bent", CONTRIB)
        narrow = self._dense(bent, f"{prefix}.fo", model.four_bits(f"{prefix}.fo.w", hidden))
        return self._residual(
            narrow, states, f"{prefix}.fo.b", f"{prefix}.oln", output or f"{prefix}.out"
        )

    def _residual(self, change: str, states: str, bias: str, norm: str, output: str) -> str:
        return self._node(
            "SkipLayerNormalization",
            [change, states, *self._norm(norm), self._constant(bias, self.model.vector(bias))],
            output,
            CONTRIB,
            epsilon=self.shape.epsilon,
        )


def _split(inputs: str, outputs: list[str]) -> NodeProto:
    from onnx import helper

    return helper.make_node("Split", [inputs], outputs, name=f"{inputs}.split", axis=-1)
