import { defineConfig } from 'vitest/config'

const oxc = { jsx: { runtime: 'automatic', importSource: 'preact' } } as const

export default defineConfig({
  test: {
    projects: [
      {
        oxc,
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        oxc,
        // Real servers of each file's own, which are asked over HTTP and wait for each other more than they work.
        test: {
          name: 'api',
          include: ['test/{api,privacy}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        oxc,
        // Real browsers, a service of each file's own. They wait for each other more than they work, too.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        oxc,
        // The SDK in the frameworks and runtimes that it is for, which are installed when one of these tests is to run.
        test: {
          name: 'sdk',
          include: ['test/sdk/*.test.ts'],
          globalSetup: 'test/sdk/setup.ts',
          // Compilers and builds of whole applications are among them.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        oxc,
        // The whole product: several nodes, crashes. One file at a time, so that none waits for another's load.
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{api,browser,privacy,sdk}/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
})
