// What the build puts in the widget's code (`build.ts`).

/** True in the smallest build. */
declare const LITE: boolean
declare const VERSION: string
/** Where the parts are, seen from the widget's own address. */
declare const PARTS: { frame: string; worker: string; solver: string }

/** For the loaders: the widget's address below the service's, and what is passed on to it. */
declare const WIDGET: string
declare const CHANNEL: string

declare module '*.css' {
  const text: string
  export = text
}
