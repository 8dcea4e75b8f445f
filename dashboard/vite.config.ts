// Build: `npx vite build dashboard` → dashboard/dist. Development: `npx vite dashboard` with the server running beside it
// (AFTERSIGHT_SERVER, default http://127.0.0.1:4000).
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env.AFTERSIGHT_SERVER ?? "http://127.0.0.1:4000";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  server: {
    proxy: {
      "/cubejs-api": { target: server, changeOrigin: true },
      "/api": { target: server, changeOrigin: true },
      // The session cookie comes with index.html, which Vite itself serves in development.
      "/__session": { target: server, changeOrigin: true, rewrite: () => "/" },
    },
  },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: "charts",
              test: /node_modules[\\/](recharts|d3-|victory|@reduxjs|react-redux|immer|es-toolkit|decimal)/,
            },
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler|use-sync-external-store)[\\/]/ },
          ],
        },
      },
    },
  },
});
