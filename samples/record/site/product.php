<?php
require 'shop.php';
shop_show(shop_query('SELECT name, price FROM products WHERE id = ' . ($_GET['id'] ?? '0')));
