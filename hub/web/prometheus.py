"""Numbers in the words of Prometheus."""

from collections.abc import Iterator, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector, CollectorRegistry

from hub.web.meter import Durations, Meter, Now


def written(meter: Meter, now: Now) -> tuple[bytes, str]:
    """The numbers, and the media type of the text that they are in."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Numbers(meter, now))
    ProcessCollector(registry=registry)
    return generate_latest(registry), CONTENT_TYPE_LATEST


class _Numbers(Collector):
    """The collector that the library asks."""

    def __init__(self, meter: Meter, now: Now) -> None:
        self._meter = meter
        self._now = now

    def collect(self) -> Iterator[Metric]:
        meter, now = self._meter, self._now
        yield _counted("runs", "Runs that ended", "state", meter.runs)
        yield _counted("firings", "Firings that ended", "state", meter.firings)
        yield _counted("deliveries", "Deliveries that ended", "state", meter.deliveries)
        yield _counted("worker_restarts", "Workers that ended", "worker", meter.restarts)
        yield _lasting("run_seconds", "How long runs took, from their first start", meter.took)
        yield _lasting("run_wait_seconds", "How long runs waited for their start", meter.waited)
        yield _standing("runs_unended", "Runs that have not ended", "state", now.runs)
        yield _standing("workers", "Workers", "state", now.workers)
        yield _single("deliveries_unended", "Deliveries that have not ended", now.deliveries)
        yield _single("disk_free_bytes", "Free space on the data disk", now.disk_free)


def _counted(name: str, words: str, label: str, counts: Mapping[str, int]) -> Metric:
    made = CounterMetricFamily(f"hub_{name}", f"{words}.", labels=[label])
    for value, count in sorted(counts.items()):
        made.add_metric([value], count)
    return made


def _standing(name: str, words: str, label: str, counts: Mapping[str, int]) -> Metric:
    made = GaugeMetricFamily(f"hub_{name}", f"{words}.", labels=[label])
    for value, count in sorted(counts.items()):
        made.add_metric([value], count)
    return made


def _single(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"hub_{name}", f"{words}.", value=value)


def _lasting(name: str, words: str, durations: Durations) -> Metric:
    made = HistogramMetricFamily(f"hub_{name}", f"{words}.")
    made.add_metric([], buckets=durations.buckets(), sum_value=durations.total)
    return made
