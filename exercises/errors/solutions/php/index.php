<?php

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);

// An error of the program goes to the log; the visitor is told only that there was one.
set_exception_handler(function (Throwable $error) {
    error_log((string) $error);
    answer(500, 'Something went wrong. It is not your fault.');
});

function answer(int $status, string $text): never
{
    global $path;
    http_response_code($status);
    if (str_starts_with($path, '/api/')) {
        header('Content-Type: application/json');
        exit(json_encode(['error' => $text]));
    }
    header('Content-Type: text/html; charset=utf-8');
    exit("<!doctype html><title>$text</title><h1>$text</h1><p><a href=\"/\">Back to the front page</a></p>");
}

function number(string $name): float
{
    $text = $_GET[$name] ?? '';
    if (!is_numeric($text)) {
        answer(400, "$name is missing, or not a number");
    }
    return (float) $text;
}

function quotient(): float
{
    $a = number('a');
    $b = number('b');
    if ($b == 0) {
        answer(400, 'b must not be 0');
    }
    return $a / $b;
}

if (!in_array($path, ['/', '/divide', '/api/divide', '/crash', '/api/crash'], true)) {
    answer(404, 'There is nothing at this address.');
}
if ($_SERVER['REQUEST_METHOD'] !== 'GET') {
    header('Allow: GET');
    answer(405, 'This address can only be read.');
}

switch ($path) {
    case '/':
        echo '<form action="/divide"><input name="a"> / <input name="b"> <button>=</button></form>';
        break;
    case '/divide':
        echo quotient();
        break;
    case '/api/divide':
        header('Content-Type: application/json');
        echo json_encode(['result' => quotient()]);
        break;
    default:
        echo intdiv(1, 0);
}
