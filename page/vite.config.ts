import { defineConfig } from "vitest/config";

// One script and one style sheet: over loopback a second request costs more than it saves.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../daemon/hitpoint/page/static",
    emptyOutDir: true,
    target: "es2022",
    // The page is one of the same machine or the same room: what it is built from may be read there.
    sourcemap: false,
    modulePreload: false,
    assetsInlineLimit: 0,
  },
  // By its name the daemon knows what is allowed to unpack compressed SoundFonts.
  worker: { format: "es", rolldownOptions: { output: { entryFileNames: "assets/synth-[hash].js" } } },
  test: { include: ["tests/**/*.test.ts"] },
});
