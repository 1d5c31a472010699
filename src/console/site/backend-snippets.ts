import type { OnFailure } from '../../core/policy.ts'
import { compiledSnippets } from './compiled-snippets.ts'
import type { Snippet } from './snippets.ts'

interface Of {
  /** Where the service is. */
  origin: string
  onFailure: OnFailure
  /** The page's host name, for those who expect one. */
  hostname?: string
}

/**
 * What goes into the backend. The secret comes from its environment: it is in no file, and not shown here. What is expected of
 * the token is asked for, so that `success` alone is to be read. In each there is one place for when the service is away.
 */
export function backendSnippets({ origin, onFailure, hostname }: Of): Snippet[] {
  const open = onFailure === 'open'
  const yes = (word: string, no: string) => (open ? word : no)
  const host = (line: string) => (hostname ? line.replace('HOST', hostname) : '')
  const away = open
    ? 'The service is away: everybody gets through then.'
    : 'The service is away: nobody gets through. Answer the opposite to let everybody through then.'
  return [
    {
      id: 'curl',
      name: 'curl',
      lead: 'To try it by hand, with a token from your page.',
      code: `curl ${origin}/v1/siteverify \\
  -d secret="$ONE_CAPTCHA_SECRET" \\
  -d response="$TOKEN"`,
    },
    {
      id: 'node',
      name: 'Node',
      lead: 'No dependency. Give it the field one-captcha-response.',
      code: `/** True if the visitor may pass. Each token is good once: ask last. */
export async function mayPass(token) {
  const response = token ?? ''
  // The service takes no longer ones.
  if (typeof response !== 'string' || response.length > 8192) return false
  try {
    const answer = await fetch('${origin}/v1/siteverify', {
      method: 'POST',
      body: new URLSearchParams({
        secret: process.env.ONE_CAPTCHA_SECRET,
        response,${host("\n        hostname: 'HOST',")}
        action: 'signup',
      }),
      redirect: 'manual',
      signal: AbortSignal.timeout(5_000),
    })
    if (answer.status >= 500) throw new Error('unavailable')
    return answer.status === 200 && (await answer.json())?.success === true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    // ${away}
    return ${yes('true', 'false')}
  }
}`,
    },
    {
      id: 'php',
      name: 'PHP',
      lead: 'PHP 8, no extension needed.',
      code: `<?php
/** True if the visitor may pass. Each token is good once: ask last. */
function may_pass(string $token): bool
{
    // The service takes no longer ones.
    if (strlen($token) > 8192) {
        return false;
    }
    $answer = @fopen('${origin}/v1/siteverify', 'r', false, stream_context_create([
        'http' => [
            'method' => 'POST',
            'header' => 'Content-Type: application/x-www-form-urlencoded',
            'content' => http_build_query([
                'secret' => getenv('ONE_CAPTCHA_SECRET'),
                'response' => $token,${host("\n                'hostname' => 'HOST',")}
                'action' => 'signup',
            ]),
            'timeout' => 5,
            'follow_location' => 0,
            'ignore_errors' => true,
        ],
    ]));
    $status = $answer ? (int) explode(' ', stream_get_meta_data($answer)['wrapper_data'][0])[1] : 500;
    if ($status >= 500) {
        // ${away}
        return ${yes('true', 'false')};
    }
    return $status === 200 && (json_decode(stream_get_contents($answer), true)['success'] ?? false) === true;
}

$passed = may_pass((string) ($_POST['one-captcha-response'] ?? ''));`,
    },
    {
      id: 'python',
      name: 'Python',
      lead: 'Python 3, standard library alone.',
      code: `import json
import os
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, build_opener


class NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


opener = build_opener(NoRedirect)


def may_pass(token: str) -> bool:
    """True if the visitor may pass. Each token is good once: ask last."""
    # The service takes no longer ones.
    if len(token) > 8192:
        return False
    question = urlencode({
        "secret": os.environ["ONE_CAPTCHA_SECRET"],
        "response": token,${host('\n        "hostname": "HOST",')}
        "action": "signup",
    }).encode()
    try:
        with opener.open("${origin}/v1/siteverify", question, timeout=5) as answer:
            return answer.status == 200 and json.load(answer).get("success") is True
    except HTTPError as error:
        if error.code < 500:
            return False
    except (OSError, HTTPException):
        pass
    except ValueError:
        return False
    # ${away}
    return ${yes('True', 'False')}`,
    },
    {
      id: 'ruby',
      name: 'Ruby',
      lead: 'Ruby 3, standard library alone.',
      code: `require "json"
require "net/http"
require "openssl"

SITEVERIFY = URI("${origin}/v1/siteverify")
AWAY = [
  IOError, SystemCallError, SocketError, Timeout::Error, OpenSSL::SSL::SSLError,
  Net::ProtocolError, Net::HTTPBadResponse
].freeze

# True if the visitor may pass. Each token is good once: ask last.
def may_pass?(token)
  # The service takes no longer ones.
  return false if token.to_s.length > 8192

  question = URI.encode_www_form(
    secret: ENV.fetch("ONE_CAPTCHA_SECRET"),
    response: token,${host('\n    hostname: "HOST",')}
    action: "signup"
  )
  options = { use_ssl: SITEVERIFY.scheme == "https", open_timeout: 5, read_timeout: 5 }
  answer = Net::HTTP.start(SITEVERIFY.host, SITEVERIFY.port, options) do |http|
    http.post(SITEVERIFY.path, question, "Content-Type" => "application/x-www-form-urlencoded")
  end
  raise IOError, "unavailable" if answer.code.to_i >= 500

  answer.code == "200" && JSON.parse(answer.body)["success"] == true
rescue JSON::ParserError
  false
rescue *AWAY
  # ${away}
  ${yes('true', 'false')}
end`,
    },
    ...compiledSnippets({ origin, yes, host, away }),
  ]
}
