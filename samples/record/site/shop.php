<?php
// The shop is careless on purpose: it is the door of the recorded attack.
mysqli_report(MYSQLI_REPORT_OFF);

function shop_query(string $query) {
    $db = mysqli_connect('10.66.20.30', 'shop', 'shop-2026', 'shop') or exit('database unavailable');
    $result = mysqli_query($db, $query);
    if ($result === false) {
        http_response_code(500);
        error_log('shop: ' . mysqli_error($db));
        exit('query failed: ' . htmlspecialchars(mysqli_error($db)));
    }
    return $result === true ? [] : mysqli_fetch_all($result, MYSQLI_ASSOC);
}

function shop_show(array $rows): void {
    foreach ($rows as $row) echo '<p>' . htmlspecialchars(implode(' - ', array_map('strval', $row))) . "</p>\n";
}
