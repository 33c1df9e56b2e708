"""Every sampler, under the name by which workflows know it."""

from functools import partial
from typing import Protocol

from torch import Tensor

from hub.engine.sampling.denoising import Sampler
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.samplers.deis import deis
from hub.engine.sampling.samplers.dpm_solver import dpm_adaptive, dpm_fast
from hub.engine.sampling.samplers.dpmpp import dpmpp_2m, dpmpp_2m_cfg_pp
from hub.engine.sampling.samplers.dpmpp_sde import dpmpp_2m_sde, dpmpp_3m_sde, dpmpp_sde
from hub.engine.sampling.samplers.er_sde import er_sde
from hub.engine.sampling.samplers.euler import (
    ddim,
    ddpm,
    euler,
    euler_ancestral,
    euler_ancestral_cfg_pp,
    euler_cfg_pp,
    lcm,
)
from hub.engine.sampling.samplers.gradient_estimation import (
    gradient_estimation,
    gradient_estimation_cfg_pp,
)
from hub.engine.sampling.samplers.heun import heun, heunpp2
from hub.engine.sampling.samplers.midpoint import (
    dpm_2,
    dpm_2_ancestral,
    dpmpp_2s_ancestral,
    dpmpp_2s_ancestral_cfg_pp,
)
from hub.engine.sampling.samplers.multistep import ipndm, ipndm_v, lms
from hub.engine.sampling.samplers.res_multistep import (
    res_multistep,
    res_multistep_ancestral,
    res_multistep_ancestral_cfg_pp,
    res_multistep_cfg_pp,
)
from hub.engine.sampling.samplers.sa_solver import sa_solver, sa_solver_pece
from hub.engine.sampling.samplers.seeds import exp_heun_2_x0, exp_heun_2_x0_sde, seeds_2, seeds_3
from hub.engine.sampling.samplers.uni_pc import uni_pc, uni_pc_bh2


class Method(Protocol):
    """Starts a sampler on its way from x at the first level to the last.

    `sigmas` falls, in float32 on the CPU; with fewer than two levels x itself is the result.
    Options are keyword parameters of the functions, each with its default.
    """

    def __call__(self, x: Tensor, sigmas: Tensor, diffusion: Diffusion, /) -> Sampler: ...


# In the order in which ComfyUI lists them. Those with _gpu keep their Brownian noise on the device.
SAMPLERS: dict[str, Method] = {
    "euler": euler,
    "euler_cfg_pp": euler_cfg_pp,
    "euler_ancestral": euler_ancestral,
    "euler_ancestral_cfg_pp": euler_ancestral_cfg_pp,
    "heun": heun,
    "heunpp2": heunpp2,
    "exp_heun_2_x0": exp_heun_2_x0,
    "exp_heun_2_x0_sde": exp_heun_2_x0_sde,
    "dpm_2": dpm_2,
    "dpm_2_ancestral": dpm_2_ancestral,
    "lms": lms,
    "dpm_fast": dpm_fast,
    "dpm_adaptive": dpm_adaptive,
    "dpmpp_2s_ancestral": dpmpp_2s_ancestral,
    "dpmpp_2s_ancestral_cfg_pp": dpmpp_2s_ancestral_cfg_pp,
    "dpmpp_sde": dpmpp_sde,
    "dpmpp_sde_gpu": partial(dpmpp_sde, tree_on_cpu=False),
    "dpmpp_2m": dpmpp_2m,
    "dpmpp_2m_cfg_pp": dpmpp_2m_cfg_pp,
    "dpmpp_2m_sde": dpmpp_2m_sde,
    "dpmpp_2m_sde_gpu": partial(dpmpp_2m_sde, tree_on_cpu=False),
    "dpmpp_2m_sde_heun": partial(dpmpp_2m_sde, solver_type="heun"),
    "dpmpp_2m_sde_heun_gpu": partial(dpmpp_2m_sde, solver_type="heun", tree_on_cpu=False),
    "dpmpp_3m_sde": dpmpp_3m_sde,
    "dpmpp_3m_sde_gpu": partial(dpmpp_3m_sde, tree_on_cpu=False),
    "ddpm": ddpm,
    "lcm": lcm,
    "ipndm": ipndm,
    "ipndm_v": ipndm_v,
    "deis": deis,
    "res_multistep": res_multistep,
    "res_multistep_cfg_pp": res_multistep_cfg_pp,
    "res_multistep_ancestral": res_multistep_ancestral,
    "res_multistep_ancestral_cfg_pp": res_multistep_ancestral_cfg_pp,
    "gradient_estimation": gradient_estimation,
    "gradient_estimation_cfg_pp": gradient_estimation_cfg_pp,
    "er_sde": er_sde,
    "seeds_2": seeds_2,
    "seeds_3": seeds_3,
    "sa_solver": sa_solver,
    "sa_solver_pece": sa_solver_pece,
    "ddim": ddim,
    "uni_pc": uni_pc,
    "uni_pc_bh2": uni_pc_bh2,
}
