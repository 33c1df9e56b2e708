import { defineConfig } from "vitest/config";

// The hub serves what is built here: `index.html` at /, everything else below /page.
export default defineConfig({
  base: "/page/",
  build: {
    outDir: "../hub/web/page",
    emptyOutDir: true,
    target: "es2023",
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600, // kB, of CodeMirror, which only the editor loads
    assetsInlineLimit: 0, // the Content-Security-Policy allows no data: addresses
  },
  // `npm run dev` shows changes at once, beside a hub that runs on its usual port.
  server: {
    proxy: { "/api": { target: "http://127.0.0.1:8188", ws: true, changeOrigin: true } },
  },
  test: { environment: "node", include: ["tests/**/*.test.ts"] },
});
