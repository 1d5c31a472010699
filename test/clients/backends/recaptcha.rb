require "json"
require "recaptcha"

Recaptcha.configuration.verify_url = "#{ENV.fetch("SERVICE")}/recaptcha/api/siteverify"

# What the client wants of a controller.
class Join
  include Recaptcha::Verify

  attr_reader :params

  def initialize(token)
    @params = { "g-recaptcha-response" => token }
  end

  def request
    Struct.new(:remote_ip).new("203.0.113.7")
  end
end

told = JSON.parse($stdin.read).map do |call|
  options = { secret_key: call["secret"], hostname: call["hostname"] }
  { passed: Join.new(call["token"]).verify_recaptcha(options) }
rescue Recaptcha::RecaptchaError => e
  { passed: false, thrown: e.message }
end
puts JSON.generate(told)
