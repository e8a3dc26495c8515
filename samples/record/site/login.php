<?php
require 'shop.php';
if ($_SERVER['REQUEST_METHOD'] !== 'POST') exit('<form method="post"><input name="mail"><input name="password" type="password"></form>');
$rows = shop_query("SELECT name FROM customers WHERE mail = '" . $_POST['mail'] . "' AND password = '" . md5($_POST['password']) . "'");
if (!$rows) http_response_code(403);
shop_show($rows);
