import { afterNextRender, booleanAttribute, ChangeDetectionStrategy, Component, CUSTOM_ELEMENTS_SCHEMA, DestroyRef, effect, forwardRef, Injector, inject, input, output, signal, viewChild, } from '@angular/core';
import { NG_VALUE_ACCESSOR } from '@angular/forms';
import { bring, listen } from './element.js';
import * as i0 from "@angular/core";
/**
 * `<one-captcha>` as a component of Angular, and as a control of its forms, whose value is the token:
 * `<ng-one-captcha service="…" sitekey="…" formControlName="captcha" (verified)="…" />`.
 */
export class OneCaptcha {
    constructor() {
        this.service = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "service" }] : /* istanbul ignore next */ []));
        this.nonce = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "nonce" }] : /* istanbul ignore next */ []));
        this.sitekey = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "sitekey" }] : /* istanbul ignore next */ []));
        this.action = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "action" }] : /* istanbul ignore next */ []));
        this.cdata = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "cdata" }] : /* istanbul ignore next */ []));
        this.kind = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "kind" }] : /* istanbul ignore next */ []));
        this.time = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "time" }] : /* istanbul ignore next */ []));
        this.theme = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "theme" }] : /* istanbul ignore next */ []));
        this.size = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "size" }] : /* istanbul ignore next */ []));
        this.appearance = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "appearance" }] : /* istanbul ignore next */ []));
        this.panel = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "panel" }] : /* istanbul ignore next */ []));
        this.lang = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "lang" }] : /* istanbul ignore next */ []));
        this.start = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "start" }] : /* istanbul ignore next */ []));
        this.renew = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "renew" }] : /* istanbul ignore next */ []));
        this.guard = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "guard" }] : /* istanbul ignore next */ []));
        this.name = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "name" }] : /* istanbul ignore next */ []));
        this.terms = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "terms" }] : /* istanbul ignore next */ []));
        this.privacy = input(/* @ts-ignore */
        ...(ngDevMode ? [undefined, { debugName: "privacy" }] : /* istanbul ignore next */ []));
        this.required = input(false, { ...(ngDevMode ? { debugName: "required" } : /* istanbul ignore next */ {}), transform: booleanAttribute });
        this.ready = output();
        this.open = output();
        this.close = output();
        /** The token. */
        this.verified = output();
        this.expired = output();
        /** The error's code. */
        this.error = output();
        this.recovered = output();
        this.captcha = viewChild('captcha', /* @ts-ignore */
        ...(ngDevMode ? [{ debugName: "captcha" }] : /* istanbul ignore next */ []));
        this.disabled = signal(false, /* @ts-ignore */
        ...(ngDevMode ? [{ debugName: "disabled" }] : /* istanbul ignore next */ []));
        this.tell = (_token) => { };
        this.touch = () => { };
        const injector = inject(Injector);
        const life = new AbortController();
        inject(DestroyRef).onDestroy(() => life.abort());
        // Not on a server. Listens before the script is asked for, so that nothing is missed.
        afterNextRender(() => {
            const stop = listen(this.captcha().nativeElement, () => this.callbacks());
            life.signal.addEventListener('abort', stop);
            const onError = (code) => life.signal.aborted || this.error.emit(code);
            effect(() => bring({ service: this.service(), nonce: this.nonce(), onError }), { injector });
        });
    }
    /** Does what a tick does, and gives the token; as the element's. */
    execute(...values) {
        return this.captcha().nativeElement.execute(...values);
    }
    /** Forgets the token, and whatever goes on. */
    reset() {
        // Before the script has come, and on a server, there is nothing to forget.
        this.captcha()?.nativeElement.reset?.();
    }
    /** The token while it is good; otherwise ''. */
    getResponse() {
        return this.captcha()?.nativeElement.getResponse?.() ?? '';
    }
    /** A form can take the token away, and give none. */
    writeValue(value) {
        if (!value)
            this.reset();
    }
    registerOnChange(tell) {
        this.tell = tell;
    }
    registerOnTouched(touch) {
        this.touch = touch;
    }
    setDisabledState(disabled) {
        this.disabled.set(disabled);
    }
    callbacks() {
        return {
            onReady: () => this.ready.emit(),
            onOpen: () => this.open.emit(),
            onClose: () => this.close.emit(),
            onVerified: (token) => {
                this.tell(token);
                this.touch();
                this.verified.emit(token);
            },
            onExpired: () => {
                this.tell('');
                this.expired.emit();
            },
            onError: (code) => this.error.emit(code),
            onRecovered: () => this.recovered.emit(),
        };
    }
    static { this.ɵfac = i0.ɵɵngDeclareFactory({ minVersion: "12.0.0", version: "22.2.6", ngImport: i0, type: OneCaptcha, deps: [], target: i0.ɵɵFactoryTarget.Component }); }
    static { this.ɵcmp = i0.ɵɵngDeclareComponent({ minVersion: "17.2.0", version: "22.2.6", type: OneCaptcha, isStandalone: true, selector: "ng-one-captcha", inputs: { service: { classPropertyName: "service", publicName: "service", isSignal: true, isRequired: false, transformFunction: null }, nonce: { classPropertyName: "nonce", publicName: "nonce", isSignal: true, isRequired: false, transformFunction: null }, sitekey: { classPropertyName: "sitekey", publicName: "sitekey", isSignal: true, isRequired: false, transformFunction: null }, action: { classPropertyName: "action", publicName: "action", isSignal: true, isRequired: false, transformFunction: null }, cdata: { classPropertyName: "cdata", publicName: "cdata", isSignal: true, isRequired: false, transformFunction: null }, kind: { classPropertyName: "kind", publicName: "kind", isSignal: true, isRequired: false, transformFunction: null }, time: { classPropertyName: "time", publicName: "time", isSignal: true, isRequired: false, transformFunction: null }, theme: { classPropertyName: "theme", publicName: "theme", isSignal: true, isRequired: false, transformFunction: null }, size: { classPropertyName: "size", publicName: "size", isSignal: true, isRequired: false, transformFunction: null }, appearance: { classPropertyName: "appearance", publicName: "appearance", isSignal: true, isRequired: false, transformFunction: null }, panel: { classPropertyName: "panel", publicName: "panel", isSignal: true, isRequired: false, transformFunction: null }, lang: { classPropertyName: "lang", publicName: "lang", isSignal: true, isRequired: false, transformFunction: null }, start: { classPropertyName: "start", publicName: "start", isSignal: true, isRequired: false, transformFunction: null }, renew: { classPropertyName: "renew", publicName: "renew", isSignal: true, isRequired: false, transformFunction: null }, guard: { classPropertyName: "guard", publicName: "guard", isSignal: true, isRequired: false, transformFunction: null }, name: { classPropertyName: "name", publicName: "name", isSignal: true, isRequired: false, transformFunction: null }, terms: { classPropertyName: "terms", publicName: "terms", isSignal: true, isRequired: false, transformFunction: null }, privacy: { classPropertyName: "privacy", publicName: "privacy", isSignal: true, isRequired: false, transformFunction: null }, required: { classPropertyName: "required", publicName: "required", isSignal: true, isRequired: false, transformFunction: null } }, outputs: { ready: "ready", open: "open", close: "close", verified: "verified", expired: "expired", error: "error", recovered: "recovered" }, providers: [
            { provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => OneCaptcha), multi: true },
        ], viewQueries: [{ propertyName: "captcha", first: true, predicate: ["captcha"], descendants: true, isSignal: true }], ngImport: i0, template: `<one-captcha
    #captcha
    [attr.sitekey]="sitekey()"
    [attr.action]="action()"
    [attr.cdata]="cdata()"
    [attr.kind]="kind()"
    [attr.time]="time()"
    [attr.theme]="theme()"
    [attr.size]="size()"
    [attr.appearance]="appearance()"
    [attr.panel]="panel()"
    [attr.lang]="lang()"
    [attr.start]="start()"
    [attr.renew]="renew()"
    [attr.guard]="guard()"
    [attr.name]="name()"
    [attr.terms]="terms()"
    [attr.privacy]="privacy()"
    [attr.required]="required() ? '' : null"
    [attr.disabled]="disabled() ? '' : null"
  ></one-captcha>`, isInline: true, changeDetection: i0.ChangeDetectionStrategy.OnPush }); }
}
i0.ɵɵngDeclareClassMetadata({ minVersion: "12.0.0", version: "22.2.6", ngImport: i0, type: OneCaptcha, decorators: [{
            type: Component,
            args: [{
                    selector: 'ng-one-captcha',
                    schemas: [CUSTOM_ELEMENTS_SCHEMA],
                    changeDetection: ChangeDetectionStrategy.OnPush,
                    providers: [
                        { provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => OneCaptcha), multi: true },
                    ],
                    template: `<one-captcha
    #captcha
    [attr.sitekey]="sitekey()"
    [attr.action]="action()"
    [attr.cdata]="cdata()"
    [attr.kind]="kind()"
    [attr.time]="time()"
    [attr.theme]="theme()"
    [attr.size]="size()"
    [attr.appearance]="appearance()"
    [attr.panel]="panel()"
    [attr.lang]="lang()"
    [attr.start]="start()"
    [attr.renew]="renew()"
    [attr.guard]="guard()"
    [attr.name]="name()"
    [attr.terms]="terms()"
    [attr.privacy]="privacy()"
    [attr.required]="required() ? '' : null"
    [attr.disabled]="disabled() ? '' : null"
  ></one-captcha>`,
                }]
        }], ctorParameters: () => [], propDecorators: { service: [{ type: i0.Input, args: [{ isSignal: true, alias: "service", required: false }] }], nonce: [{ type: i0.Input, args: [{ isSignal: true, alias: "nonce", required: false }] }], sitekey: [{ type: i0.Input, args: [{ isSignal: true, alias: "sitekey", required: false }] }], action: [{ type: i0.Input, args: [{ isSignal: true, alias: "action", required: false }] }], cdata: [{ type: i0.Input, args: [{ isSignal: true, alias: "cdata", required: false }] }], kind: [{ type: i0.Input, args: [{ isSignal: true, alias: "kind", required: false }] }], time: [{ type: i0.Input, args: [{ isSignal: true, alias: "time", required: false }] }], theme: [{ type: i0.Input, args: [{ isSignal: true, alias: "theme", required: false }] }], size: [{ type: i0.Input, args: [{ isSignal: true, alias: "size", required: false }] }], appearance: [{ type: i0.Input, args: [{ isSignal: true, alias: "appearance", required: false }] }], panel: [{ type: i0.Input, args: [{ isSignal: true, alias: "panel", required: false }] }], lang: [{ type: i0.Input, args: [{ isSignal: true, alias: "lang", required: false }] }], start: [{ type: i0.Input, args: [{ isSignal: true, alias: "start", required: false }] }], renew: [{ type: i0.Input, args: [{ isSignal: true, alias: "renew", required: false }] }], guard: [{ type: i0.Input, args: [{ isSignal: true, alias: "guard", required: false }] }], name: [{ type: i0.Input, args: [{ isSignal: true, alias: "name", required: false }] }], terms: [{ type: i0.Input, args: [{ isSignal: true, alias: "terms", required: false }] }], privacy: [{ type: i0.Input, args: [{ isSignal: true, alias: "privacy", required: false }] }], required: [{ type: i0.Input, args: [{ isSignal: true, alias: "required", required: false }] }], ready: [{ type: i0.Output, args: ["ready"] }], open: [{ type: i0.Output, args: ["open"] }], close: [{ type: i0.Output, args: ["close"] }], verified: [{ type: i0.Output, args: ["verified"] }], expired: [{ type: i0.Output, args: ["expired"] }], error: [{ type: i0.Output, args: ["error"] }], recovered: [{ type: i0.Output, args: ["recovered"] }], captcha: [{ type: i0.ViewChild, args: ['captcha', { isSignal: true }] }] } });
