import { type ElementRef } from '@angular/core';
import { type ControlValueAccessor } from '@angular/forms';
import { type OneCaptchaElement } from './element.js';
import * as i0 from "@angular/core";
export type { OneCaptchaElement } from './element.js';
/**
 * `<one-captcha>` as a component of Angular, and as a control of its forms, whose value is the token:
 * `<ng-one-captcha service="…" sitekey="…" formControlName="captcha" (verified)="…" />`.
 */
export declare class OneCaptcha implements ControlValueAccessor {
    readonly service: import("@angular/core").InputSignal<string | undefined>;
    readonly nonce: import("@angular/core").InputSignal<string | undefined>;
    readonly sitekey: import("@angular/core").InputSignal<string | undefined>;
    readonly action: import("@angular/core").InputSignal<string | undefined>;
    readonly cdata: import("@angular/core").InputSignal<string | undefined>;
    readonly kind: import("@angular/core").InputSignal<"pow" | undefined>;
    readonly time: import("@angular/core").InputSignal<string | number | undefined>;
    readonly theme: import("@angular/core").InputSignal<"auto" | "light" | "dark" | undefined>;
    readonly size: import("@angular/core").InputSignal<"normal" | "compact" | "flexible" | "invisible" | undefined>;
    readonly appearance: import("@angular/core").InputSignal<"always" | "interaction-only" | "floating" | undefined>;
    readonly panel: import("@angular/core").InputSignal<"inline" | "overlay" | "beside" | undefined>;
    readonly lang: import("@angular/core").InputSignal<string | undefined>;
    readonly start: import("@angular/core").InputSignal<"load" | "click" | "touch" | "sight" | undefined>;
    readonly renew: import("@angular/core").InputSignal<"never" | undefined>;
    readonly guard: import("@angular/core").InputSignal<"off" | "open" | undefined>;
    readonly name: import("@angular/core").InputSignal<string | undefined>;
    readonly terms: import("@angular/core").InputSignal<string | undefined>;
    readonly privacy: import("@angular/core").InputSignal<string | undefined>;
    readonly required: import("@angular/core").InputSignalWithTransform<boolean, unknown>;
    readonly ready: import("@angular/core").OutputEmitterRef<void>;
    readonly open: import("@angular/core").OutputEmitterRef<void>;
    readonly close: import("@angular/core").OutputEmitterRef<void>;
    /** The token. */
    readonly verified: import("@angular/core").OutputEmitterRef<string>;
    readonly expired: import("@angular/core").OutputEmitterRef<void>;
    /** The error's code. */
    readonly error: import("@angular/core").OutputEmitterRef<string>;
    readonly recovered: import("@angular/core").OutputEmitterRef<void>;
    protected readonly captcha: import("@angular/core").Signal<ElementRef<OneCaptchaElement> | undefined>;
    protected readonly disabled: import("@angular/core").WritableSignal<boolean>;
    private tell;
    private touch;
    constructor();
    /** Does what a tick does, and gives the token; as the element's. */
    execute(...values: Parameters<OneCaptchaElement['execute']>): Promise<string>;
    /** Forgets the token, and whatever goes on. */
    reset(): void;
    /** The token while it is good; otherwise ''. */
    getResponse(): string;
    /** A form can take the token away, and give none. */
    writeValue(value: unknown): void;
    registerOnChange(tell: (token: string) => void): void;
    registerOnTouched(touch: () => void): void;
    setDisabledState(disabled: boolean): void;
    private callbacks;
    static ɵfac: i0.ɵɵFactoryDeclaration<OneCaptcha, never>;
    static ɵcmp: i0.ɵɵComponentDeclaration<OneCaptcha, "ng-one-captcha", never, { "service": { "alias": "service"; "required": false; "isSignal": true; }; "nonce": { "alias": "nonce"; "required": false; "isSignal": true; }; "sitekey": { "alias": "sitekey"; "required": false; "isSignal": true; }; "action": { "alias": "action"; "required": false; "isSignal": true; }; "cdata": { "alias": "cdata"; "required": false; "isSignal": true; }; "kind": { "alias": "kind"; "required": false; "isSignal": true; }; "time": { "alias": "time"; "required": false; "isSignal": true; }; "theme": { "alias": "theme"; "required": false; "isSignal": true; }; "size": { "alias": "size"; "required": false; "isSignal": true; }; "appearance": { "alias": "appearance"; "required": false; "isSignal": true; }; "panel": { "alias": "panel"; "required": false; "isSignal": true; }; "lang": { "alias": "lang"; "required": false; "isSignal": true; }; "start": { "alias": "start"; "required": false; "isSignal": true; }; "renew": { "alias": "renew"; "required": false; "isSignal": true; }; "guard": { "alias": "guard"; "required": false; "isSignal": true; }; "name": { "alias": "name"; "required": false; "isSignal": true; }; "terms": { "alias": "terms"; "required": false; "isSignal": true; }; "privacy": { "alias": "privacy"; "required": false; "isSignal": true; }; "required": { "alias": "required"; "required": false; "isSignal": true; }; }, { "ready": "ready"; "open": "open"; "close": "close"; "verified": "verified"; "expired": "expired"; "error": "error"; "recovered": "recovered"; }, never, never, true, never>;
}
