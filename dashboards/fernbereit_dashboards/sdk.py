"""Which parts of Grafana's SDK do the boards use?

Its classic builders warn on import that schema v2 is preferred. Grafana's file provisioning still refuses v2
boards in several 13.0 releases, so the classic model is what we mean; the warning is silenced here alone.
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from grafana_foundation_sdk.builders import (
        barchart,
        bargauge,
        common,
        dashboard,
        prometheus,
        stat,
        table,
        timeseries,
    )
    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.cog.plugins import register_default_plugins
    from grafana_foundation_sdk.models import common as common_model
    from grafana_foundation_sdk.models import dashboard as model
    from grafana_foundation_sdk.models.prometheus import PromQueryFormat

__all__ = [
    "Builder",
    "JSONEncoder",
    "PromQueryFormat",
    "barchart",
    "bargauge",
    "common",
    "common_model",
    "dashboard",
    "model",
    "prometheus",
    "register_default_plugins",
    "stat",
    "table",
    "timeseries",
]
