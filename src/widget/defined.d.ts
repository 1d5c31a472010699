// What the build puts in the widget's code (`build.ts`).

/** True in the smallest build. */
declare const LITE: boolean
declare const VERSION: string
/** Where the parts are, below the service's own address. */
declare const FRAME: string
declare const WORKER: string
declare const SOLVER: string

/** For the loaders: the widget's address below the service's, and what is passed on to it. */
declare const WIDGET: string
declare const CHANNEL: string

declare module '*.css' {
  export const css: string
}
