-- dataset: shop
select COUNT(*) from SHOP A join Visits B on a."USER" = B."user" where b.City is null
