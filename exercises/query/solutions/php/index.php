<?php
// Every address that is no file comes here.
if (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) !== '/add') {
    http_response_code(404);
    exit('not found');
}

$sum = 0;
foreach (['x', 'y'] as $name) {
    $number = filter_var($_GET[$name] ?? '', FILTER_VALIDATE_INT);
    if ($number === false) {
        http_response_code(400);
        exit("$name must be a whole number");
    }
    $sum += $number;
}
echo "<p>The sum is $sum.</p>";
