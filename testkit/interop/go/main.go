// Opens a log that OriginSign wrote with the note and tlog packages of the Go checksum database: another implementation of
// signed notes, Merkle trees and proofs. Usage: interop <folder>, where the folder is an export of the log and proofs.json.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proofs struct {
	VerifierKey string
	Inclusion   []struct {
		Index int64
		Proof []string
	}
	Consistency []struct {
		OldSize       int64
		OldCheckpoint string
		Proof         []string
	}
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(folder string) error {
	data, err := os.ReadFile(filepath.Join(folder, "proofs.json"))
	if err != nil {
		return err
	}
	var given proofs
	if err := json.Unmarshal(data, &given); err != nil {
		return err
	}
	checkpoint, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	tree, err := open(string(checkpoint), given.VerifierKey)
	if err != nil {
		return err
	}
	hashes, err := entryHashes(folder, tree.N)
	if err != nil {
		return err
	}
	if err := checkTiles(folder, tree, hashes); err != nil {
		return err
	}
	for _, one := range given.Inclusion {
		if err := tlog.CheckRecord(decode(one.Proof), tree.N, tree.Hash, one.Index, hashes[one.Index]); err != nil {
			return fmt.Errorf("inclusion of %d: %w", one.Index, err)
		}
	}
	for _, one := range given.Consistency {
		old, err := open(one.OldCheckpoint, given.VerifierKey)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(decode(one.Proof), tree.N, tree.Hash, old.N, old.Hash); err != nil {
			return fmt.Errorf("consistency from %d: %w", one.OldSize, err)
		}
	}
	fmt.Printf("size %d, %d inclusion proofs, %d consistency proofs\n", tree.N, len(given.Inclusion), len(given.Consistency))
	return nil
}

// open verifies a checkpoint and takes size and root from its text, whose first line names the log.
func open(text, key string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	hash, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: hash}, err
}

func decode(texts []string) []tlog.Hash {
	hashes := make([]tlog.Hash, len(texts))
	for i, text := range texts {
		data, _ := base64.StdEncoding.DecodeString(text)
		copy(hashes[i][:], data)
	}
	return hashes
}

// tilePath is the path of c2sp.org/tlog-tiles: the one of the checksum database without the height of its tiles.
func tilePath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), "tile/8/")
	return filepath.Join("tile", strings.Replace(path, "data/", "entries/", 1))
}

func entryHashes(folder string, size int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		bundle, err := os.ReadFile(filepath.Join(folder, tilePath(tlog.Tile{H: 8, L: -1, N: n, W: int(width)})))
		if err != nil {
			return nil, err
		}
		for len(bundle) > 0 {
			length := int(binary.BigEndian.Uint16(bundle))
			hashes = append(hashes, tlog.RecordHash(bundle[2:2+length]))
			bundle = bundle[2+length:]
		}
	}
	if int64(len(hashes)) != size {
		return nil, fmt.Errorf("%d entries instead of %d", len(hashes), size)
	}
	return hashes, nil
}

// checkTiles reads every leaf through the tiles, each checked against the root, and compares it with the entry.
func checkTiles(folder string, tree tlog.Tree, hashes []tlog.Hash) error {
	reader := tlog.TileHashReader(tree, &tiles{folder})
	for i, want := range hashes {
		got, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(i))})
		if err != nil {
			return err
		}
		if got[0] != want {
			return fmt.Errorf("entry %d is not the one of its tile", i)
		}
	}
	return nil
}

type tiles struct{ folder string }

func (t *tiles) Height() int                     { return 8 }
func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	read := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(t.folder, tilePath(tile)))
		if err != nil {
			return nil, err
		}
		read[i] = data
	}
	return read, nil
}
