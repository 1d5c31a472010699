import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

/** SvelteKit takes forms from its own origin alone, and takes that for https where it is not told. */
const origin = process.env.ORIGIN

export default defineConfig({ plugins: [sveltekit({ adapter: adapter(), paths: { origin } })] })
