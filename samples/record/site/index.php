<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Example Trading</title><link rel="stylesheet" href="/style.css"></head>
<body><h1>Example Trading</h1><ul>
<?php for ($i = 1; $i <= 12; $i++) echo "<li><a href=\"/product.php?id=$i\">Product $i</a></li>\n"; ?>
</ul><p><a href="/search.php?q=lamp">Search</a> <a href="/view.php?page=about.html">About</a> <a href="/view.php?page=terms.html">Terms</a>
<a href="/login.php">Sign in</a> <a href="/upload.php">Send a document</a></p></body></html>
