// What the build puts in the widget's code (`build.ts`).

/** True in the smallest build. */
declare const LITE: boolean
declare const VERSION: string

/** For the loaders: the widget's address below the service's, and what is passed on to it. */
declare const WIDGET: string
declare const CHANNEL: string

declare module '*.css' {
  export const css: string
}
