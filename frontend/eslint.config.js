import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/"] },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    rules: {
      complexity: ["error", 10],
      "max-lines": ["error", 400],
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  { files: ["src/text/??.ts", "src/text/helps-??.ts"], rules: { "max-lines": "off" } }, // one line for each text
);
