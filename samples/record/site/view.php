<?php readfile('/srv/www/pages/' . ($_GET['page'] ?? 'about.html'));
