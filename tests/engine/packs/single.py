"""A pack of one file."""


class PackSingle:
    @classmethod
    def INPUT_TYPES(cls) -> dict[str, dict[str, object]]:  # noqa: N802
        return {"required": {}}

    RETURN_TYPES = ()
    FUNCTION = "go"
    OUTPUT_NODE = True

    def go(self) -> None:
        """Gives nothing."""


NODE_CLASS_MAPPINGS = {"PackSingle": PackSingle}
