<?php
require '/usr/share/php/ReCaptcha/autoload.php';

use ReCaptcha\ReCaptcha;
use ReCaptcha\RequestMethod\CurlPost;
use ReCaptcha\RequestMethod\Post;
use ReCaptcha\RequestMethod\Socket;
use ReCaptcha\RequestMethod\SocketPost;

/** What the client opens sockets with: its vendor's name leads to the service under test, by TLS as ever. */
class LedSocket extends Socket
{
    public function fsockopen($hostname, $port = -1, &$errno = 0, &$errstr = '', $timeout = null)
    {
        return parent::fsockopen('ssl://127.0.0.1', (int) getenv('VENDORS_PORT'), $errno, $errstr, $timeout);
    }
}

ini_set('openssl.cafile', getenv('NODE_EXTRA_CA_CERTS'));
$url = getenv('SERVICE') . '/recaptcha/api/siteverify';
$methods = [
    'post' => new Post($url),
    'curl' => new CurlPost(null, $url),
    'socket' => new SocketPost(new LedSocket()),
];
$told = [];
foreach (json_decode(stream_get_contents(STDIN)) as $call) {
    $client = new ReCaptcha($call->secret, $methods[$call->method]);
    $client->setChallengeTimeout(300);
    if (isset($call->hostname)) {
        $client->setExpectedHostname($call->hostname);
    }
    if (isset($call->action)) {
        $client->setExpectedAction($call->action);
    }
    if (isset($call->threshold)) {
        $client->setScoreThreshold($call->threshold);
    }
    $response = $client->verify($call->token, '203.0.113.7');
    $told[] = [
        'passed' => $response->isSuccess(),
        'hostname' => $response->getHostname(),
        'score' => $response->getScore(),
        'action' => $response->getAction(),
        'codes' => $response->getErrorCodes(),
    ];
}
echo json_encode($told);
