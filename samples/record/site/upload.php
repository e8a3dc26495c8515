<?php
if (!isset($_FILES['document'])) exit('<form method="post" enctype="multipart/form-data"><input type="file" name="document"></form>');
$name = $_FILES['document']['name'];
move_uploaded_file($_FILES['document']['tmp_name'], "/srv/www/uploads/$name");
echo '<a href="/uploads/' . rawurlencode($name) . '">stored</a>';
