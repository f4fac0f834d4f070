// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { OrganisationRegistry } from "../../src/OrganisationRegistry.sol";
import { ProvenanceLedger } from "../../src/ProvenanceLedger.sol";
import { IProvenanceLedger } from "../../src/interfaces/IProvenanceLedger.sol";
import { Typed } from "../utils/Typed.sol";
import { vm } from "../utils/Vm.sol";

/// @title Does at random what anyone may do, and keeps its own account of what was accepted
/// @dev Refusals are expected here; whether something had to be refused, the invariants judge.
contract Handler {
    struct Recorded {
        bytes32 organisation;
        uint64 sequence;
        bytes32 hash;
        address key;
        uint256 blockNumber;
    }

    struct SeenRange {
        bytes32 organisation;
        address key;
        uint64 added;
        uint64 revoked;
        bool reopened;
    }

    uint256 private constant KEYS = 5;
    string[3] private uris = ["https://a.example", "https://b.example", "https://c.example"];

    address public immutable registrar;
    OrganisationRegistry public immutable registry;
    ProvenanceLedger public immutable ledger;

    Recorded[] private _recorded;
    SeenRange[] private _ranges;
    mapping(bytes32 organisation => uint64 count) public accepted;

    constructor(address registrar_, OrganisationRegistry registry_, ProvenanceLedger ledger_) {
        (registrar, registry, ledger) = (registrar_, registry_, ledger_);
        for (uint256 i = 0; i < uris.length; ++i) {
            for (uint256 k = 0; k < KEYS; ++k) {
                _ranges.push(SeenRange(organisation(i), vm.addr(keyOf(k)), 0, 0, false));
            }
        }
    }

    /// @dev Compares every range with what it was before the step, since forge forgets what an invariant writes.
    modifier seen() {
        _;
        for (uint256 i = 0; i < _ranges.length; ++i) {
            SeenRange storage range = _ranges[i];
            (uint64 added, uint64 revoked) = registry.keyRange(range.organisation, range.key);
            bool addedChanged = range.added != 0 && added != range.added;
            bool revokedChanged = range.revoked != 0 && revoked != range.revoked;
            bool neverOpen = revoked != 0 && (added == 0 || revoked <= added);
            if (addedChanged || revokedChanged || neverOpen) range.reopened = true;
            (range.added, range.revoked) = (added, revoked);
        }
    }

    function register(uint256 which, uint256 key, uint256 roles) external seen {
        vm.prank(registrar);
        try registry.register(uris[which % uris.length], vm.addr(keyOf(key)), roles | 1) { } catch { }
    }

    function setRoles(uint256 which, uint256 roles) external seen {
        vm.prank(registrar);
        try registry.setRoles(organisation(which), roles | (roles >> 1)) { } catch { }
    }

    function addKey(uint256 which, uint256 signer, uint256 key) external seen {
        bytes32 id = organisation(which);
        address added = vm.addr(keyOf(key));
        bytes32 structHash = Typed.keyAddition(id, added, registry.nonces(id));
        bytes memory signature = Typed.sign(likelyKey(id, signer), domainOf(address(registry)), structHash);
        try registry.addKey(id, added, signature) { } catch { }
    }

    function revokeKey(uint256 which, uint256 caller, uint256 key) external seen {
        if (key % 2 == 0) return; // revoking as often as adding would leave nobody to record
        vm.prank(caller % 4 == 0 ? registrar : vm.addr(keyOf(caller)));
        try registry.revokeKey(organisation(which), vm.addr(keyOf(key))) { } catch { }
    }

    function revokeKeySigned(uint256 which, uint256 signer, uint256 key) external seen {
        bytes32 id = organisation(which);
        address revoked = vm.addr(keyOf(key));
        bytes32 structHash = Typed.keyRevocation(id, revoked, registry.nonces(id));
        bytes memory signature = Typed.sign(keyOf(signer), domainOf(address(registry)), structHash);
        try registry.revokeKey(id, revoked, signature) { } catch { }
    }

    function record(uint256 which, uint256 key, uint256 stray, bytes32 root, uint8 items) external seen {
        bytes32 id = organisation(which);
        IProvenanceLedger.OpenItem[] memory open = new IProvenanceLedger.OpenItem[](items % 4);
        // mostly the next number, sometimes the one before or after it
        uint64 sequence = ledger.lastSequence(id) + 1;
        if (stray % 8 == 0) sequence += 1;
        if (stray % 8 == 1) sequence -= 1;
        IProvenanceLedger.Header memory header =
            IProvenanceLedger.Header(id, sequence, root, uint32(items), keccak256(abi.encode(open)), 0);
        bytes32 hash = Typed.headerHash(header);
        uint256 signer = likelyKey(id, key);
        bytes memory signature = Typed.sign(signer, domainOf(address(ledger)), hash);
        try ledger.record(header, signature, open) {
            accepted[id] += 1;
            _recorded.push(Recorded(id, sequence, hash, vm.addr(signer), vm.getBlockNumber()));
        } catch { }
    }

    function pass(uint8 blocks) external seen {
        vm.roll(vm.getBlockNumber() + blocks);
    }

    function organisation(uint256 which) public view returns (bytes32) {
        return keccak256(bytes(uris[which % uris.length]));
    }

    function organisations() external view returns (uint256) {
        return uris.length;
    }

    function recorded() external view returns (Recorded[] memory) {
        return _recorded;
    }

    function ranges() external view returns (SeenRange[] memory) {
        return _ranges;
    }

    function keyOf(uint256 which) private pure returns (uint256) {
        return 1000 + (which % KEYS);
    }

    /// @dev Mostly a key that may record, if there is one, lest nearly all steps be refusals.
    function likelyKey(bytes32 id, uint256 seed) private view returns (uint256) {
        if (seed % 8 == 0) return keyOf(seed);
        seed >>= 8;
        for (uint256 k = 0; k < KEYS; ++k) {
            if (registry.mayRecord(id, vm.addr(keyOf(seed + k)))) return keyOf(seed + k);
        }
        return keyOf(seed);
    }

    function domainOf(address verifying) private view returns (bytes32) {
        return Typed.domain(block.chainid, verifying);
    }
}
