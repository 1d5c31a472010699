/** `NUXT_SECRET`, `NUXT_PUBLIC_SERVICE` and `NUXT_PUBLIC_SITEKEY` say otherwise, when the server starts. */
export default defineNuxtConfig({
  compatibilityDate: '2026-11-01',
  runtimeConfig: {
    secret: 'oc-test-secret-pass',
    public: { service: 'http://localhost:8080', sitekey: 'oc-test-pass' },
  },
})
