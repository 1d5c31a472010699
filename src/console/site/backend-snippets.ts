import type { OnFailure } from '../../core/policy.ts'
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
  try {
    const response = await fetch('${origin}/v1/siteverify', {
      method: 'POST',
      body: new URLSearchParams({
        secret: process.env.ONE_CAPTCHA_SECRET,
        response: token ?? '',${host("\n        hostname: 'HOST',")}
        action: 'signup',
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(5_000),
    })
    if (response.status >= 500) throw new Error('unavailable')
    const finding = await response.json()
    return finding.success === true
  } catch {
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
    $answer = @file_get_contents('${origin}/v1/siteverify', false, stream_context_create([
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
    $finding = is_string($answer) ? json_decode($answer, true) : null;
    if (!is_array($finding) || in_array('internal-error', $finding['error-codes'] ?? [], true)) {
        // ${away}
        return ${yes('true', 'false')};
    }
    return ($finding['success'] ?? false) === true;
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
from urllib.request import urlopen


def may_pass(token: str) -> bool:
    """True if the visitor may pass. Each token is good once: ask last."""
    question = urlencode({
        "secret": os.environ["ONE_CAPTCHA_SECRET"],
        "response": token,${host('\n        "hostname": "HOST",')}
        "action": "signup",
    }).encode()
    try:
        with urlopen("${origin}/v1/siteverify", question, timeout=5) as answer:
            return json.load(answer).get("success") is True
    except HTTPError as error:
        if error.code < 500:
            return False
    except (OSError, HTTPException, ValueError):
        pass
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
  Net::ProtocolError, Net::HTTPBadResponse, JSON::ParserError
].freeze

# True if the visitor may pass. Each token is good once: ask last.
def may_pass?(token)
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

  JSON.parse(answer.body)["success"] == true
rescue *AWAY
  # ${away}
  ${yes('true', 'false')}
end`,
    },
    {
      id: 'go',
      name: 'Go',
      lead: 'Standard library alone.',
      code: `package captcha

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"time"
)

var client = &http.Client{
	Timeout: 5 * time.Second,
	// The secret is for the service alone.
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// MayPass is true if the visitor may pass. Each token is good once: ask last.
func MayPass(token string) bool {
	answer, err := client.PostForm("${origin}/v1/siteverify", url.Values{
		"secret":   {os.Getenv("ONE_CAPTCHA_SECRET")},
		"response": {token},${host('\n\t\t"hostname": {"HOST"},')}
		"action":   {"signup"},
	})
	if err == nil {
		defer answer.Body.Close()
	}
	if err != nil || answer.StatusCode >= 500 {
		// ${away}
		return ${yes('true', 'false')}
	}
	var finding struct {
		Success bool \`json:"success"\`
	}
	return json.NewDecoder(answer.Body).Decode(&finding) == nil && finding.Success
}`,
    },
    {
      id: 'java',
      name: 'Java',
      lead: 'Java 11 and later, standard library alone.',
      code: `import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

public final class Captcha {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    /** In a text of JSON a quote is escaped, so nothing but the answer itself looks like this. */
    private static final Pattern SUCCESS = Pattern.compile("\\"success\\"\\\\s*:\\\\s*true");

    /** True if the visitor may pass. Each token is good once: ask last. */
    public static boolean mayPass(String token) throws InterruptedException {
        Map<String, String> question = Map.of(
                "secret", System.getenv("ONE_CAPTCHA_SECRET"),
                "response", token == null ? "" : token,${host('\n                "hostname", "HOST",')}
                "action", "signup");
        String form = question.entrySet().stream()
                .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(URI.create("${origin}/v1/siteverify"))
                .timeout(Duration.ofSeconds(5))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        try {
            HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() < 500) return SUCCESS.matcher(answer.body()).find();
        } catch (IOException away) {
            // As with a status of 500 and more.
        }
        // ${away}
        return ${yes('true', 'false')};
    }
}`,
    },
    {
      id: 'csharp',
      name: 'C#',
      lead: '.NET and Mono, no package needed.',
      code: `using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Threading.Tasks;

public static class Captcha
{
    // The secret is for the service alone: no redirect is followed.
    private static readonly HttpClient Client =
        new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };

    [DataContract]
    public sealed class Finding
    {
        [DataMember(Name = "success")]
        public bool Success { get; set; }
    }

    /// <summary>True if the visitor may pass. Each token is good once: ask last.</summary>
    public static async Task<bool> MayPassAsync(string token)
    {
        var question = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["secret"] = Environment.GetEnvironmentVariable("ONE_CAPTCHA_SECRET"),
            ["response"] = token,${host('\n            ["hostname"] = "HOST",')}
            ["action"] = "signup",
        });
        try
        {
            using (var answer = await Client.PostAsync("${origin}/v1/siteverify", question))
            using (var body = await answer.Content.ReadAsStreamAsync())
            {
                if ((int)answer.StatusCode < 500)
                    return ((Finding)new DataContractJsonSerializer(typeof(Finding)).ReadObject(body)).Success;
            }
        }
        catch (Exception error) when (
            error is HttpRequestException || error is OperationCanceledException || error is SerializationException)
        {
            // As with a status of 500 and more.
        }
        // ${away}
        return ${yes('true', 'false')};
    }
}`,
    },
  ]
}
