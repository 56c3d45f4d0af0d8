module licet.example/interop

go 1.19
