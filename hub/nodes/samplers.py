"""Nodes that choose a sampler and its options."""

from typing import Any

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.sampling.samplers.by_name import SAMPLERS
from hub.engine.sampling.samplers.chosen import ChosenSampler, chosen
from hub.engine.sampling.samplers.er_sde import extended, reverse_time
from hub.engine.sampling.samplers.euler import euler_alternative_cfg_pp
from hub.nodes.api import (
    BOOLEAN,
    FLOAT,
    INT,
    MODEL,
    SAMPLER,
    Input,
    Node,
    NodeOutput,
    Schema,
    choice,
)
from hub.nodes.lcm_upscale import UPSCALE_METHODS, LcmUpscale

_CATEGORY = "sampling/custom_sampling/samplers"
_MODULE = "comfy_extras.nodes_custom_sampler"


class KSamplerSelect(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "KSamplerSelect",
            "A sampler by its name, with its usual options.",
            choice("sampler_name", tuple(SAMPLERS)),
        )

    @classmethod
    def execute(cls, sampler_name: str) -> NodeOutput:
        return NodeOutput(chosen(sampler_name))


class SamplerEulerAncestral(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplerEulerAncestral",
            "Euler's method with new noise in each step: the share `eta`, times `s_noise`.",
            *_noise_options(),
        )

    @classmethod
    def execute(cls, eta: float, s_noise: float) -> NodeOutput:
        return NodeOutput(chosen("euler_ancestral", eta=eta, s_noise=s_noise))


class SamplerEulerAncestralCFGPP(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplerEulerAncestralCFGPP",
            "The same with CFG++, which wants a cfg between 0 and 1.",
            _number("eta", 1.0, maximum=1.0),
            _number("s_noise", 1.0, maximum=10.0),
            display_name="SamplerEulerAncestralCFG++",
        )

    @classmethod
    def execute(cls, eta: float, s_noise: float) -> NodeOutput:
        return NodeOutput(chosen("euler_ancestral_cfg_pp", eta=eta, s_noise=s_noise))


class SamplerLMS(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplerLMS",
            "Linear multistep: each step goes by the slopes of so many.",
            INT.value("order", default=4, minimum=1, maximum=100),
        )

    @classmethod
    def execute(cls, order: int) -> NodeOutput:
        return NodeOutput(chosen("lms", order=order))


class SamplerDPMPP_3M_SDE(Node):  # noqa: N801 - ComfyUI's name
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplerDPMPP_3M_SDE",
            "DPM-Solver++ with noise, by the last three steps.",
            *_noise_options(),
            _noise_device(),
        )

    @classmethod
    def execute(cls, eta: float, s_noise: float, noise_device: str) -> NodeOutput:
        name = _on("dpmpp_3m_sde", noise_device)
        return NodeOutput(chosen(name, eta=eta, s_noise=s_noise))


class SamplerDPMPP_2M_SDE(Node):  # noqa: N801 - ComfyUI's name
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplerDPMPP_2M_SDE",
            "DPM-Solver++ with noise, by the last two steps.",
            choice("solver_type", ("midpoint", "heun")),
            *_noise_options(),
            _noise_device(),
        )

    @classmethod
    def execute(cls, solver_type: str, eta: float, s_noise: float, noise_device: str) -> NodeOutput:
        name = _on("dpmpp_2m_sde", noise_device)
        return NodeOutput(chosen(name, eta=eta, s_noise=s_noise, solver_type=solver_type))


class SamplerDPMPP_SDE(Node):  # noqa: N801 - ComfyUI's name
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplerDPMPP_SDE",
            "DPM-Solver++ with noise, which asks twice a step: the second time after the part `r`.",
            *_noise_options(),
            _number("r", 0.5),
            _noise_device(),
        )

    @classmethod
    def execute(cls, eta: float, s_noise: float, r: float, noise_device: str) -> NodeOutput:
        return NodeOutput(chosen(_on("dpmpp_sde", noise_device), eta=eta, s_noise=s_noise, r=r))


class SamplerDPMPP_2S_Ancestral(Node):  # noqa: N801 - ComfyUI's name
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplerDPMPP_2S_Ancestral",
            "DPM-Solver++ that asks twice a step, with new noise in each.",
            *_noise_options(),
        )

    @classmethod
    def execute(cls, eta: float, s_noise: float) -> NodeOutput:
        return NodeOutput(chosen("dpmpp_2s_ancestral", eta=eta, s_noise=s_noise))


class SamplerDPMAdaptative(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplerDPMAdaptative",
            "DPM-Solver with as many steps as its tolerances want, whatever the schedule says.",
            INT.value("order", default=3, minimum=2, maximum=3),
            *(_number(name, value) for name, value in _ADAPTIVE.items()),
        )

    @classmethod
    def execute(
        cls,
        order: int,
        rtol: float,
        atol: float,
        h_init: float,
        pcoeff: float,
        icoeff: float,
        dcoeff: float,
        accept_safety: float,
        eta: float,
        s_noise: float,
    ) -> NodeOutput:
        control = {
            "rtol": rtol,
            "atol": atol,
            "h_init": h_init,
            "accept_safety": accept_safety,
            "pcoeff": pcoeff,
            "icoeff": icoeff,
            "dcoeff": dcoeff,
        }
        return NodeOutput(chosen("dpm_adaptive", order=order, eta=eta, s_noise=s_noise, **control))


class SamplerER_SDE(Node):  # noqa: N801 - ComfyUI's name
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplerER_SDE",
            "Extended reverse-time SDE. `eta` counts for the usual reverse-time SDE alone.",
            choice("solver_type", ("ER-SDE", "Reverse-time SDE", "ODE")),
            INT.value("max_stage", default=3, minimum=1, maximum=3),
            *_noise_options(),
        )

    @classmethod
    def execute(cls, solver_type: str, max_stage: int, eta: float, s_noise: float) -> NodeOutput:
        if solver_type == "ODE" or (solver_type == "Reverse-time SDE" and eta == 0):
            eta, s_noise = 0.0, 0.0
        scaler = extended if solver_type == "ER-SDE" else reverse_time(eta)
        options: dict[str, Any] = {"max_stage": max_stage, "s_noise": s_noise}
        return NodeOutput(chosen("er_sde", noise_scaler=scaler, **options))


class SamplerSASolver(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        percents = {"sde_start_percent": 0.2, "sde_end_percent": 0.8}
        return _schema(
            "SamplerSASolver",
            "Stochastic Adams methods, with noise between two parts of the way.",
            MODEL.input("model"),
            _number("eta", 1.0, maximum=10.0),
            *(_number(name, at, maximum=1.0, step=0.001) for name, at in percents.items()),
            _number("s_noise", 1.0),
            INT.value("predictor_order", default=3, minimum=1, maximum=6),
            INT.value("corrector_order", default=4, minimum=0, maximum=6),
            BOOLEAN.value("use_pece", tooltip="Whether to ask once more after each correction."),
            BOOLEAN.value("simple_order_2"),
        )

    @classmethod
    def execute(
        cls,
        model: DiffusionModel,
        eta: float,
        sde_start_percent: float,
        sde_end_percent: float,
        s_noise: float,
        predictor_order: int,
        corrector_order: int,
        use_pece: bool,
        simple_order_2: bool,
    ) -> NodeOutput:
        """The levels between which there is noise are those of the model that is sampled."""
        sampler = chosen(
            "sa_solver",
            eta=eta,
            sde_start_percent=sde_start_percent,
            sde_end_percent=sde_end_percent,
            s_noise=s_noise,
            predictor_order=predictor_order,
            corrector_order=corrector_order,
            use_pece=use_pece,
            simple_order_2=simple_order_2,
        )
        return NodeOutput(sampler)


class SamplerSEEDS2(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplerSEEDS2",
            "An exponential solver with noise, which asks again after the part `r` of a step. "
            "With `phi_2`, r 1 and eta 0 it is exp_heun_2_x0.",
            choice("solver_type", ("phi_1", "phi_2")),
            *_noise_options(),
            FLOAT.value("r", default=0.5, minimum=0.01, maximum=1.0, step=0.01),
        )

    @classmethod
    def execute(cls, solver_type: str, eta: float, s_noise: float, r: float) -> NodeOutput:
        options: dict[str, Any] = {"solver_type": solver_type, "r": r}
        return NodeOutput(chosen("seeds_2", eta=eta, s_noise=s_noise, **options))


class SamplerLCMUpscale(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplerLCMUpscale",
            "LCM that makes the latent larger in its first steps; -1 is half of them.",
            FLOAT.value("scale_ratio", default=1.0, minimum=0.1, maximum=20.0, step=0.01),
            INT.value("scale_steps", default=-1, minimum=-1, maximum=1000, step=1),
            choice("upscale_method", UPSCALE_METHODS),
            module="comfy_extras.nodes_advanced_samplers",
        )

    @classmethod
    def execute(cls, scale_ratio: float, scale_steps: int, upscale_method: str) -> NodeOutput:
        return NodeOutput(ChosenSampler(LcmUpscale(scale_ratio, scale_steps, upscale_method)))


class SamplerEulerCFGpp(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "SamplerEulerCFGpp",
            "Euler's method with CFG++, or with a slope that counts guidance twice.",
            choice("version", ("regular", "alternative")),
            category="_for_testing",
            display_name="SamplerEulerCFG++",
            is_experimental=True,
            module="comfy_extras.nodes_advanced_samplers",
        )

    @classmethod
    def execute(cls, version: str) -> NodeOutput:
        if version == "alternative":
            return NodeOutput(ChosenSampler(euler_alternative_cfg_pp))
        return NodeOutput(chosen("euler_cfg_pp"))


_ADAPTIVE = {
    "rtol": 0.05,
    "atol": 0.0078,
    "h_init": 0.05,
    "pcoeff": 0.0,
    "icoeff": 1.0,
    "dcoeff": 0.0,
    "accept_safety": 0.81,
    "eta": 0.0,
    "s_noise": 1.0,
}


def _schema(
    class_type: str, description: str, *inputs: Input, module: str = _MODULE, **more: Any
) -> Schema:
    return Schema(
        **{"display_name": class_type, "category": _CATEGORY, **more},
        class_type=class_type,
        description=description,
        inputs=inputs,
        outputs=(SAMPLER.output(),),
        light=True,
        module=module,
    )


def _noise_options() -> tuple[Input, ...]:
    return _number("eta", 1.0), _number("s_noise", 1.0)


def _noise_device() -> Input:
    tooltip = "Where noise is drawn; on `cpu` it is the same on every machine."
    return choice("noise_device", ("gpu", "cpu"), tooltip=tooltip)


def _on(name: str, device: str) -> str:
    return name if device == "cpu" else f"{name}_gpu"


def _number(name: str, default: float, *, maximum: float = 100.0, step: float = 0.01) -> Input:
    return FLOAT.value(name, default=default, minimum=0.0, maximum=maximum, step=step)


NODES: tuple[type[Node], ...] = (
    KSamplerSelect,
    SamplerEulerAncestral,
    SamplerEulerAncestralCFGPP,
    SamplerLMS,
    SamplerDPMPP_3M_SDE,
    SamplerDPMPP_2M_SDE,
    SamplerDPMPP_SDE,
    SamplerDPMPP_2S_Ancestral,
    SamplerDPMAdaptative,
    SamplerER_SDE,
    SamplerSASolver,
    SamplerSEEDS2,
    SamplerLCMUpscale,
    SamplerEulerCFGpp,
)
