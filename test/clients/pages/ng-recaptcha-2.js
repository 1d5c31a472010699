import 'zone.js'
import '@angular/compiler'
import { Component } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { RecaptchaModule } from 'ng-recaptcha-2'
import { sitekey, tell } from './tell.js'

class Page {
  sitekey = sitekey
  resolved(token) {
    tell(token)
  }
}

const page = Component({
  selector: 'app-root',
  imports: [RecaptchaModule],
  template: '<re-captcha [siteKey]="sitekey" (resolved)="resolved($event)"></re-captcha>',
})(Page)

document.getElementById('root').append(document.createElement('app-root'))
void bootstrapApplication(page ?? Page)
