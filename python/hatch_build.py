"""Puts the built program into the wheel, and names the platform that its native files are for."""

import os

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProgramHook(BuildHookInterface):
    """What scripts/wheel.mjs has gathered becomes ``benign_lab/program``."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict) -> None:
        """Add the program; an editable install uses that of the clone."""
        if version == "editable":
            return
        program = os.environ.get("BENIGN_WHEEL_PROGRAM")
        platform = os.environ.get("BENIGN_WHEEL_PLATFORM")
        if not program or not platform:
            raise RuntimeError("the wheel needs the built program: npm run wheel makes it (pip install -e: a clone's)")
        build_data["force_include"][program] = "benign_lab/program"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
