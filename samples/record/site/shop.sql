CREATE DATABASE shop;
USE shop;
CREATE TABLE products (id INT PRIMARY KEY, name VARCHAR(80), price INT);
INSERT INTO products VALUES (1,'desk lamp',3200),(2,'floor lamp',8900),(3,'chair',12000),(4,'desk',34000),(5,'shelf',15800),(6,'clock',4100),
  (7,'mirror',5600),(8,'rug',21000),(9,'vase',2700),(10,'bench',18400),(11,'stool',6300),(12,'cabinet',42000);
CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(80), mail VARCHAR(80), password CHAR(32));
INSERT INTO customers VALUES (1,'Sato Yui','yui@partner.example',MD5('lamp-1')),(2,'Mori Ken','ken@partner.example',MD5('lamp-2')),
  (3,'Abe Rin','rin@partner.example',MD5('lamp-3'));
CREATE USER 'shop'@'10.66.10.10' IDENTIFIED BY 'shop-2026';
GRANT SELECT ON shop.* TO 'shop'@'10.66.10.10';
CREATE USER 'dba'@'localhost' IDENTIFIED BY 'dba-2026';
GRANT ALL ON *.* TO 'dba'@'localhost';
CREATE USER 'backup'@'localhost' IDENTIFIED BY 'backup-2026';
GRANT SELECT, LOCK TABLES, SHOW VIEW, TRIGGER, EVENT ON *.* TO 'backup'@'localhost';
