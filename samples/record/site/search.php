<?php
require 'shop.php';
shop_show(shop_query("SELECT name, price FROM products WHERE name LIKE '%" . ($_GET['q'] ?? '') . "%'"));
