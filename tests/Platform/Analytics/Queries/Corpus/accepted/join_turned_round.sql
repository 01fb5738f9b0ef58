-- dataset: shop
SELECT a.action, count(*) FROM shop a INNER JOIN shop b ON b."user" = a."user" GROUP BY a.action
